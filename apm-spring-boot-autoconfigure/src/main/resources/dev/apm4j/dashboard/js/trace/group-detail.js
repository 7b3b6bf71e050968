import { LitElement, css, html } from 'lit';
import { count, duration, percent } from '../core/format.js';
import { base } from '../shared/styles.js';
import { glyph } from '../shared/glyph.js';
import { detailStyles } from './detail-styles.js';

const SLOWEST = 8;

/** What repeated alike spans cost together. Fires "close-detail" and "select-row". */
class GroupDetail extends LitElement {

	static properties = {
		group: { attribute: false },
		tree: { attribute: false },
	};

	static styles = [base, detailStyles, css`
		ol {
			list-style: none;
			margin: 0;
			padding: 0;
		}

		ol .button {
			border-color: transparent;
			background: none;
			display: flex;
			justify-content: space-between;
			width: 100%;
		}
	`];

	render() {
		const { members, name, parent, errors } = this.group;
		const durations = members.map((member) => member.duration);
		const total = durations.reduce((sum, each) => sum + each, 0);
		const slowest = [...members].sort((a, b) => b.duration - a.duration).slice(0, SLOWEST);
		return html`<article aria-label="Selected group">
			<header><h2 class="foreign">${name}</h2>
				<button class="button icon" type="button" aria-label="Close details" title="Close details (Escape)"
					@click=${() => this.#fire('close-detail')}>${glyph('close')}</button></header>
			<section>
				<p>${count(members.length)} alike spans${parent ? html` in <span class="foreign">${parent.name}</span>` : ''}.
					Could they be one?</p>
			</section>
			<section><dl>
				<dt>Together</dt><dd><strong>${duration(total)}</strong> <span class="muted">${percent(this.tree.duration > 0 ? total / this.tree.duration : 0)} of the trace</span></dd>
				<dt>Average</dt><dd>${duration(total / members.length)}</dd>
				<dt>Fastest</dt><dd>${duration(durations.reduce((min, each) => Math.min(min, each)))}</dd>
				<dt>Slowest</dt><dd>${duration(slowest[0].duration)}</dd>
				<dt>Failed</dt><dd>${count(errors)}</dd>
			</dl></section>
			<section><h3>The slowest</h3><ol>${slowest.map((member) => html`<li><button class="button" type="button"
				@click=${() => this.#fire('select-row', member.key)}><span class="muted">+${duration(member.start)}</span><span>${duration(member.duration)}</span></button></li>`)}</ol></section>
		</article>`;
	}

	#fire(type, detail) {
		this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
	}

}

customElements.define('apm-group-detail', GroupDetail);
