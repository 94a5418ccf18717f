// <details data-menu> closes on Escape, on a click outside and when the focus leaves it; opening, it hands the focus to
// the field with data-menu-focus.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches("details[data-menu][open]")) event.target.querySelector("[data-menu-focus]")?.focus();
  },
  true,
);
