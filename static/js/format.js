// <input data-format="snils|phone|date|money">: puts what was typed into its usual form when the person leaves the field.
// The server does the same again; what does not fit is left as it is.
const digitsOf = (text) => text.replace(/\D/g, "");

const forms = {
  snils: (text) => {
    const d = digitsOf(text);
    return d.length === 11 ? `${d.slice(0, 3)}-${d.slice(3, 6)}-${d.slice(6, 9)} ${d.slice(9)}` : text;
  },
  phone: (text) => {
    let d = digitsOf(text);
    if (d.length === 10) d = `7${d}`;
    if (d.length !== 11 || !/^[78]/.test(d) || !/^[\d\s()+-]+$/.test(text.trim())) return text;
    return `+7 ${d.slice(1, 4)} ${d.slice(4, 7)}-${d.slice(7, 9)}-${d.slice(9)}`;
  },
  money: (text) => {
    const sum = /^(\d{1,15})(?:[.,](\d{1,2}))?$/.exec(text.replace(/\s/g, ""));
    if (!sum) return text;
    const roubles = sum[1].replace(/\B(?=(\d{3})+$)/g, "\u00a0");
    return sum[2] ? `${roubles},${sum[2].padEnd(2, "0")}` : roubles;
  },
  date: (text) => {
    const trimmed = text.trim();
    const parts = /^(\d{1,2})[\s./,-](\d{1,2})[\s./,-](\d{4})$/.exec(trimmed) || /^(\d{2})(\d{2})(\d{4})$/.exec(trimmed);
    return parts ? `${parts[1].padStart(2, "0")}.${parts[2].padStart(2, "0")}.${parts[3]}` : text;
  },
};

document.addEventListener("change", (event) => {
  const form = forms[event.target.dataset && event.target.dataset.format];
  if (form) event.target.value = form(event.target.value);
});
