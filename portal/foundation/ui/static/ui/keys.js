// Within a form marked data-keys, a number chooses the option of that place in a group of radio buttons and
// goes on to the next field. Without this script the arrows and the tabulator do the same.
document.addEventListener("keydown", (event) => {
  const group = event.target.closest("[data-keys] fieldset");
  const isPlain = !(event.ctrlKey || event.altKey || event.metaKey);
  if (!group || event.target.type !== "radio" || !isPlain || !/^[0-9]$/.test(event.key)) return;
  const options = [...group.querySelectorAll("input[type=radio]")];
  const option = options[(Number(event.key) + 9) % 10];
  if (!option) return;
  event.preventDefault();
  option.checked = true;
  const fields = [...option.form.elements].filter((field) => field.type !== "hidden" && field.tagName !== "FIELDSET");
  const next = fields.slice(fields.indexOf(options.at(-1)) + 1).find((field) => field.offsetParent);
  const chosen = next && next.type === "radio" && option.form.querySelector(`input[name="${next.name}"]:checked`);
  (chosen || next || option).focus();
});
