const NOTES = [[660, 0], [880, 0.09]];
const LENGTH_S = 0.16;
const LOUDNESS = 0.08;

let audio;

/** Two soft notes, made here: no file to fetch. A browser that does not let the page be heard yet stays silent. */
export function beep() {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') audio.resume();
  for (const [frequency, after] of NOTES) play(frequency, audio.currentTime + after);
}

function play(frequency, start) {
  const tone = new OscillatorNode(audio, { frequency, type: 'sine' });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + LENGTH_S);
}
