// What a take's page does beyond being read: the sound follows the words, and the words the sound.

const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

const words = all('#words .w');
const starts = words.map((word) => Number(word.dataset.start ?? NaN));
const sound = one('#sound');

const clock = (at) => `${Math.floor(Math.round(at) / 60)}:${String(Math.round(at) % 60).padStart(2, '0')}`;
const announce = (text) => { one('#announced').textContent = text; };

// The words of a finding are lit as long as it is pointed at.
const wordsOf = (finding) => (finding.dataset.words ?? '').split(' ').filter(Boolean).flatMap((range) => {
  const [first, end] = range.split('-').map(Number);
  return words.slice(first, end);
});
for (const finding of all('[data-words]')) {
  const light = (on) => wordsOf(finding).forEach((word) => word.classList.toggle('lit', on));
  for (const event of ['mouseenter', 'focus']) finding.addEventListener(event, () => light(true));
  for (const event of ['mouseleave', 'blur']) finding.addEventListener(event, () => light(false));
}

// The words are one stop for the Tab key, with the arrow keys inside.
let current = 0;
function stand(at, focus = true) {
  if (!words.length) return;
  words[current].tabIndex = -1;
  current = Math.max(0, Math.min(words.length - 1, at));
  words[current].tabIndex = 0;
  if (focus) words[current].focus();
}
for (const word of words) word.tabIndex = -1;
stand(0, false);

// The word above or below, as near as can be.
function lineAway(direction) {
  const here = words[current].getBoundingClientRect();
  let best = current;
  let line = null;
  for (let at = current + direction; words[at]; at += direction) {
    const there = words[at].getBoundingClientRect();
    if (Math.abs(there.top - here.top) < here.height / 2) continue;
    line ??= there.top;
    if (Math.abs(there.top - line) > here.height / 2) break;
    const nearer = Math.abs(there.left - here.left) < Math.abs(words[best].getBoundingClientRect().left - here.left);
    if (best === current || nearer) best = at;
  }
  return best;
}

const moves = {
  ArrowRight: () => current + 1,
  ArrowLeft: () => current - 1,
  ArrowDown: () => lineAway(1),
  ArrowUp: () => lineAway(-1),
  Home: () => 0,
  End: () => words.length - 1,
};

one('#words')?.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.classList.contains('w')) return;
  if (moves[event.key]) stand(moves[event.key]());
  else if (event.key === 'Enter') playFrom(starts[current]);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

function playFrom(at) {
  if (!sound || Number.isNaN(at)) return;
  sound.currentTime = at;
  sound.play().catch(() => announce('It cannot be played here.'));
  announce(`Playing from ${clock(at)}`);
}

// A click on anything that has a time plays from there.
document.addEventListener('click', (event) => {
  const timed = event.target.closest('[data-start]');
  if (!timed || String(getSelection()).length) return;
  const at = words.indexOf(timed);
  if (at >= 0) stand(at);
  playFrom(Number(timed.dataset.start));
});

if (sound) {
  inOnePiece(sound);
  play(sound);
}

// Sound that the page carries becomes a file in memory: a `data:` address cannot be sought in everywhere.
function inOnePiece(sound) {
  const [head, coded] = (sound.getAttribute('src') ?? '').split(';base64,');
  if (!coded) return;
  const bytes = Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
  sound.src = URL.createObjectURL(new Blob([bytes], { type: head.slice('data:'.length) }));
}

function play(sound) {
  const [button, place, time, speed, follow, head, wave] =
    ['#play', '#place', '#time', '#speed', '#follow', '#head', '#wave'].map(one);
  const whole = Number(place.max);
  const toggle = () => (sound.paused ? playFrom(sound.currentTime) : sound.pause());
  const seek = (at) => {
    sound.currentTime = Math.max(0, Math.min(whole, at));
    show();
  };

  one('.controls').hidden = false;
  sound.controls = false;
  button.addEventListener('click', toggle);
  place.addEventListener('input', () => seek(Number(place.value)));
  speed.addEventListener('change', () => { sound.playbackRate = Number(speed.value); });
  wave.addEventListener('click', (event) => {
    const box = wave.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * whole);
    announce(`At ${clock(sound.currentTime)}`);
  });

  // The last word that has begun; -1 before the first.
  const timed = words.map((_, at) => at).filter((at) => !Number.isNaN(starts[at]));
  const wordAt = (moment) => {
    let [low, high] = [0, timed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[timed[middle]] <= moment + 0.005) low = middle + 1;
      else high = middle;
    }
    return low ? timed[low - 1] : -1;
  };

  let playing = -1;
  function show() {
    const at = sound.currentTime;
    if (document.activeElement !== place) place.value = at;
    place.setAttribute('aria-valuetext', `${clock(at)} of ${clock(whole)}`);
    time.textContent = `${clock(at)} of ${clock(whole)}`;
    const share = `${((at / whole) * 100).toFixed(2)}%`;
    head.setAttribute('x1', share);
    head.setAttribute('x2', share);
    const word = wordAt(at);
    if (word === playing) return;
    words[playing]?.classList.remove('playing');
    words[word]?.classList.add('playing');
    playing = word;
    if (words[word] && follow.checked && !sound.paused) words[word].scrollIntoView({ block: 'nearest' });
  }
  const tick = () => {
    show();
    if (!sound.paused) requestAnimationFrame(tick);
  };
  sound.addEventListener('play', () => { button.textContent = 'Pause'; tick(); });
  sound.addEventListener('pause', () => { button.textContent = 'Play'; show(); });
  sound.addEventListener('seeked', show);

  // Following never fights: who scrolls the word out of view is left alone until a word is clicked.
  const strays = () => {
    const box = words[playing]?.getBoundingClientRect();
    if (!sound.paused && box && (box.bottom < 0 || box.top > innerHeight)) follow.checked = false;
  };
  for (const event of ['wheel', 'touchmove']) addEventListener(event, () => setTimeout(strays, 150), { passive: true });
  one('#words').addEventListener('click', () => { follow.checked = true; });

  const places = {
    filler: () => all('#words mark[data-start]'),
    pause: () => all('#words .gap'),
    part: () => all('#words .run[data-part]').map((run) => run.querySelector('.w')),
  };
  const names = { filler: 'filler', pause: 'pause', part: 'part' };
  function next(kind) {
    const found = places[kind]().find((place) => Number(place?.dataset.start) > sound.currentTime + 0.05);
    if (!found) return announce(`No ${names[kind]} after ${clock(sound.currentTime)}`);
    const at = words.indexOf(found);
    if (at >= 0) stand(at, false);
    found.scrollIntoView({ block: 'nearest' });
    playFrom(Number(found.dataset.start));
  }
  for (const jump of all('[data-next]')) jump.addEventListener('click', () => next(jump.dataset.next));

  const faster = (steps) => {
    speed.selectedIndex = Math.max(0, Math.min(speed.options.length - 1, speed.selectedIndex + steps));
    sound.playbackRate = Number(speed.value);
    announce(`Speed ${speed.value}`);
  };
  const keys = {
    ' ': toggle,
    ArrowLeft: () => seek(sound.currentTime - 5),
    ArrowRight: () => seek(sound.currentTime + 5),
    f: () => next('filler'),
    p: () => next('pause'),
    s: () => next('part'),
    '<': () => faster(-1),
    '>': () => faster(1),
    '?': () => { one('#keys').open = !one('#keys').open; },
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    // Whoever writes, or stands on something that takes the key itself, keeps it.
    if (event.target.closest('textarea, select, input:not([type=checkbox])')) return;
    if (event.key === ' ' && event.target.closest('button, summary, a, input')) return;
    event.preventDefault();
    keys[event.key]();
  });
  // An address may lead to a moment: #t=12.5
  const moment = Number(/^#t=([\d.]+)$/.exec(location.hash)?.[1] ?? NaN);
  if (!Number.isNaN(moment)) {
    const there = () => { seek(moment); const at = wordAt(moment); if (at >= 0) { stand(at); words[at].scrollIntoView({ block: 'center' }); } };
    if (sound.readyState) there();
    else sound.addEventListener('loadedmetadata', there, { once: true });
  }
  show();
}
