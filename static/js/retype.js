// [data-retype=id of a select]: presses its button as soon as another choice is made; without this file one clicks it.
document.querySelectorAll("[data-retype]").forEach((box) => {
  const select = document.getElementById(box.dataset.retype);
  const button = box.querySelector("button");
  box.hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit(button));
});
