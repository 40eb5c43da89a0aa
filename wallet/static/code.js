// A picture of a QR code is read by the wallet itself, on this machine; its text goes into the field.
const picture = document.querySelector('#picture');
const reading = document.querySelector('#reading');
const link = document.querySelector('#link');

picture.addEventListener('change', async () => {
  const file = picture.files[0];
  if (!file) return;
  reading.textContent = picture.dataset.reading;
  const answer = await fetch('/code', {method: 'POST', headers: {'Content-Type': 'application/octet-stream'}, body: file});
  if (!answer.ok) {
    reading.textContent = picture.dataset.failed;
    return;
  }
  link.value = (await answer.json()).text;
  reading.textContent = '';
  link.focus();
});
