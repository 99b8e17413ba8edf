// A call screen and a kiosk: what they do better with a script. Without it the call screen asks for its whole
// page again, and a number is read from the screen.
const live = document.querySelector("[data-live]");
const sound = document.querySelector("[data-sound]");
let audio;

const ring = () => {
  if (!audio) return;
  [880, 660].forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + place * 0.35);
    tone.stop(audio.currentTime + place * 0.35 + 0.3);
  });
};

const call = () => live && live.querySelector("[data-call]");

const ask = async () => {
  let page;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // The network is away: what is shown stays.
  }
  const fresh = page.getElementById(live.id);
  if (!fresh || fresh.innerHTML === live.innerHTML) return;
  const before = call() && call().dataset.call;
  live.innerHTML = fresh.innerHTML;
  document.title = page.title;
  const now = call();
  if (!now || now.dataset.call === before) return;
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = now.dataset.say;
  ring();
};

if (live) setInterval(ask, Number(live.dataset.live) * 1000);

if (sound && window.AudioContext) {
  sound.hidden = false;
  sound.addEventListener("click", () => {
    const on = !audio;
    if (on) audio = new AudioContext();
    else audio = void audio.close();
    sound.setAttribute("aria-pressed", String(on));
    ring();
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
if (document.querySelector("[data-print=auto]")) window.addEventListener("load", () => window.print());
