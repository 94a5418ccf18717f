// [data-rows=prefix]: "add another" for a formset (ui/formset.html); without JavaScript the spare rows are there.
document.querySelectorAll("[data-rows]").forEach((box) => {
  const total = document.getElementById(`id_${box.dataset.rows}-TOTAL_FORMS`);
  const limit = document.getElementById(`id_${box.dataset.rows}-MAX_NUM_FORMS`);
  const list = box.querySelector("[data-rows-list]");
  const empty = box.querySelector("[data-rows-empty]");
  const button = box.querySelector("[data-rows-add]");
  const update = () => { button.hidden = Number(total.value) >= Number(limit.value); };

  button.addEventListener("click", () => {
    const index = Number(total.value);
    const holder = document.createElement("div");
    holder.innerHTML = empty.innerHTML.replaceAll("__prefix__", index);
    const row = holder.firstElementChild;
    row.querySelectorAll("[data-row-number]").forEach((node) => { node.textContent = index + 1; });
    list.append(row);
    total.value = index + 1;
    update();
    const field = row.querySelector("input:not([type=hidden]), select, textarea");
    if (field) field.focus();
  });
  update();
});
