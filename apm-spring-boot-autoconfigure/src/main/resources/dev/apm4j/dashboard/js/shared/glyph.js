// The page's icons: line drawings on a 16 by 16 grid, hidden from screen readers (the control around them has the name).
import { html, svg } from 'lit';

const PATHS = {
	close: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
	copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>`,
	check: svg`<path d="M3 8.5l3.5 3.5L13 5"/>`,
	pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9"/>`,
	play: svg`<path d="M5 3.5l7.5 4.5L5 12.5z"/>`,
	back: svg`<path d="M9.5 3.5L5 8l4.5 4.5"/>`,
	up: svg`<path d="M3.5 10L8 5.5l4.5 4.5"/>`,
	down: svg`<path d="M3.5 6L8 10.5 12.5 6"/>`,
	right: svg`<path d="M6 3.5L10.5 8 6 12.5"/>`,
	sun: svg`<circle cx="8" cy="8" r="3"/><path d="M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.85.85M11.75 11.75l.85.85M3.4 12.6l.85-.85M11.75 4.25l.85-.85"/>`,
	moon: svg`<path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z"/>`,
	system: svg`<rect x="2" y="3" width="12" height="8" rx="1.5"/><path d="M5.5 13.5h5"/>`,
	reload: svg`<path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3"/>`,
};

/** @param {keyof typeof PATHS} name */
export function glyph(name) {
	return html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;
}
