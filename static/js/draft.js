// <form data-draft-url>: keeps a draft on the server while the person types (ui/draft_state.html shows the state).
// Shows the time by the clock of this device. Files are never sent.
const WAIT = 1500;

const fieldsOf = (form) => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") fields.append(name, value);
  }
  return fields;
};

const clock = () => new Date().toTimeString().slice(0, 5);

const keep = (form) => {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let saved = fieldsOf(form).toString();
  let closed = false;

  const show = (text, failed) => {
    if (!state) return;
    state.textContent = text;
    state.classList.toggle("failed", failed);
  };

  const send = async (keepalive = false) => {
    clearTimeout(timer);
    const body = fieldsOf(form);
    if (closed || body.toString() === saved) return;
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const response = await fetch(form.dataset.draftUrl, {
        method: "POST", body, keepalive, credentials: "same-origin", headers: { "X-CSRFToken": token },
      });
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      saved = body.toString();
      document.dispatchEvent(new CustomEvent("draft:saved"));
      if (state) show(state.dataset.saved.replace("{time}", clock()), false);
    } catch {
      if (state && !closed) show(state.dataset.failed, true);
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    closed = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => { closed = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
};

document.querySelectorAll("form[data-draft-url]").forEach(keep);
