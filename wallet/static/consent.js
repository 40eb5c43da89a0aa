// "Tick all" is the holder's own act; nothing is ticked before, and the portrait is never ticked for them.
const all = document.querySelector('#tick');
if (all) {
  all.hidden = false;
  all.addEventListener('click', () => {
    for (const box of document.querySelectorAll('[data-ordinary]')) box.checked = true;
  });
}
