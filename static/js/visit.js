// The form of a visit. Without this file every part of it stays open to all outcomes, and the server sorts it out.
const form = document.querySelector("[data-visit-form]");

const nameOf = (box) => box.closest("label").textContent.trim().split(",")[0];

const everybody = (all, boxes, recipients) => {
  const household = boxes.filter((box) => box.closest("[data-household]"));
  const update = () => {
    all.checked = household.length > 0 && household.every((box) => box.checked);
    if (!recipients) return; // a correction of a visit has no services
    const names = boxes.filter((box) => box.checked).map(nameOf);
    recipients.textContent = names.length ? `${recipients.dataset.prefix} ${names.join(", ")}` : recipients.dataset.nobody;
  };
  all.addEventListener("change", () => {
    household.forEach((box) => { box.checked = all.checked; });
    update();
  });
  boxes.forEach((box) => box.addEventListener("change", update));
  update();
};

// What belongs to a held visit only is hidden and not sent when the visit failed; the next date follows the outcome.
const outcomes = (radios, next) => {
  const parts = form.querySelectorAll("[data-held-only]");
  let proposed = next.value;
  const update = () => {
    const held = radios.find((radio) => radio.checked)?.value === "HELD";
    parts.forEach((part) => {
      part.hidden = !held;
      part.disabled = !held;
    });
    if (next.value !== proposed) return;
    proposed = held ? next.dataset.held : next.dataset.failed;
    next.value = proposed;
  };
  radios.forEach((radio) => radio.addEventListener("change", update));
  if (radios.some((radio) => radio.checked && radio.value !== "HELD")) update();
};

// The reason for a late entry is asked as soon as the day needs one.
const lateness = (day, reason) => {
  const box = reason.closest(".field");
  const update = () => { box.hidden = !reason.value && !(day.value && day.value < form.dataset.lateBefore); };
  day.addEventListener("input", update);
  update();
};

const danger = (text, warning) => {
  const update = () => { warning.hidden = !text.value.trim(); };
  text.addEventListener("input", update);
  update();
};

if (form) {
  const all = form.querySelector("[data-all-seen]");
  if (all) everybody(all, [...form.querySelectorAll("input[name=members_seen]")], form.querySelector("[data-recipients]"));
  const radios = [...form.querySelectorAll("input[name=state]")];
  if (form.dataset.lateBefore) outcomes(radios, form.querySelector("[name=next_on]"));
  const reason = form.querySelector("[name=late_reason]");
  if (!reason.closest(".invalid")) lateness(form.querySelector("[name=held_on]"), reason);
  danger(form.querySelector("[data-danger]"), form.querySelector("[data-danger-warning]"));
}
