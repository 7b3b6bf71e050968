import { LitElement, css, html, nothing, svg } from 'lit';
import { count, duration, minute } from '../core/format.js';
import { base } from '../shared/styles.js';

const HEIGHT = 20;

/** Calls per minute as bars, the failed ones from below in the error colour. `until` is the last minute, in epoch seconds. */
class Sparkline extends LitElement {

	static properties = {
		minutes: { attribute: false },
		until: { attribute: false },
		length: { attribute: false },
	};

	static styles = [base, css`
		svg {
			display: block;
			height: 20px;
			width: 100%;
		}

		.calls {
			fill: var(--accent);
			opacity: 0.7;
		}

		.failed {
			fill: var(--error);
		}

		.ground {
			fill: var(--line);
		}
	`];

	render() {
		const from = this.until - (this.length - 1) * 60;
		const shown = this.minutes.filter((each) => each.minute >= from && each.minute <= this.until && each.count > 0);
		const peak = shown.reduce((max, each) => Math.max(max, each.count), 0);
		const text = peak === 0 ? 'No calls' : `Calls per minute from ${minute(from)} to ${minute(this.until)}, at most ${count(peak)}`;
		return html`<svg viewBox="0 0 ${this.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${text}>
			<title>${text}</title>
			<rect class="ground" y=${HEIGHT - 0.75} width=${this.length} height="0.75"></rect>
			${shown.map((each) => this.#bar(each, (each.minute - from) / 60, peak))}
		</svg>`;
	}

	#bar(each, x, peak) {
		const height = Math.max(1.5, each.count / peak * HEIGHT);
		const failed = each.errors > 0 ? Math.max(1.5, Math.min(1, each.errors / each.count) * height) : 0;
		return svg`<g><title>${minute(each.minute)}: ${count(each.count)} calls, ${count(each.errors)} failed, p95 ${duration(each.p95)}</title>
			<rect class="calls" x=${x + 0.1} y=${HEIGHT - height} width="0.8" height=${height}></rect>
			${failed > 0 ? svg`<rect class="failed" x=${x + 0.1} y=${HEIGHT - failed} width="0.8" height=${failed}></rect>` : nothing}</g>`;
	}

}

customElements.define('apm-sparkline', Sparkline);
