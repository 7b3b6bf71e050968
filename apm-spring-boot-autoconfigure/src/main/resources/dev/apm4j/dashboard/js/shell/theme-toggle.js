import { LitElement, html } from 'lit';
import { THEMES, chooseTheme, theme } from '../core/theme.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';

const GLYPHS = { system: 'system', light: 'sun', dark: 'moon' };

/** Goes through system, light and dark. */
class ThemeToggle extends LitElement {

	static properties = {
		choice: { state: true },
	};

	static styles = base;

	constructor() {
		super();
		this.choice = theme();
	}

	render() {
		return html`<button class="button icon" type="button" title="Theme: ${this.choice}" aria-label="Theme: ${this.choice}"
			@click=${this.#next}>${glyph(GLYPHS[this.choice])}</button>`;
	}

	#next() {
		this.choice = THEMES[(THEMES.indexOf(this.choice) + 1) % THEMES.length];
		chooseTheme(this.choice);
	}

}

customElements.define('apm-theme-toggle', ThemeToggle);
