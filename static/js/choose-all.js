// <div data-choose-all=name hidden>: a box in it that ticks all boxes of that name in its form, and none of them.
document.querySelectorAll("[data-choose-all]").forEach((place) => {
  const all = place.querySelector("input");
  const boxes = [...place.closest("form").querySelectorAll(`input[type=checkbox][name="${place.dataset.chooseAll}"]`)];
  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };

  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); });
  boxes.forEach((box) => box.addEventListener("change", update));
  window.addEventListener("pageshow", update);
  place.hidden = false;
  update();
});
