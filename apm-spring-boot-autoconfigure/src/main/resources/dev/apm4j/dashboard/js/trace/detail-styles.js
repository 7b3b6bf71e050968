import { css } from 'lit';

/** The panel beside the waterfall. */
export const detailStyles = css`
	:host {
		background: var(--surface);
		border: 1px solid var(--line);
		border-radius: var(--radius);
		display: block;
		overflow: auto;
	}

	header {
		align-items: start;
		background: var(--surface);
		border-bottom: 1px solid var(--line);
		display: flex;
		gap: var(--gap-s);
		padding: var(--gap-s) var(--gap-s) var(--gap-s) var(--gap-m);
		position: sticky;
		top: 0;
	}

	header h2 {
		-webkit-box-orient: vertical;
		-webkit-line-clamp: 4;
		display: -webkit-box;
		flex: 1;
		font-size: var(--text-l);
		font-weight: 600;
		line-height: 1.35rem;
		overflow: hidden;
		padding-top: 0.15rem;
	}

	header .button {
		flex: none;
	}

	section {
		border-bottom: 1px solid var(--line);
		padding: var(--gap-s) var(--gap-m);
	}

	section:last-child {
		border-bottom: 0;
	}

	h3 {
		color: var(--muted);
		font-size: var(--text-s);
		font-weight: 600;
		margin-bottom: var(--gap-xs);
	}

	dl {
		display: grid;
		font-variant-numeric: tabular-nums;
		gap: 0.15rem var(--gap-m);
		grid-template-columns: minmax(5.5rem, max-content) minmax(0, 1fr);
	}

	dt {
		color: var(--muted);
		overflow-wrap: anywhere;
	}

	.line {
		align-items: center;
		display: flex;
		gap: 0.3rem;
	}

	pre {
		background: var(--bg);
		border: 1px solid var(--line);
		border-radius: var(--radius-s);
		font-family: var(--mono);
		font-size: var(--text-s);
		max-height: 18rem;
		overflow: auto;
		padding: 0.35rem 0.5rem;
		unicode-bidi: isolate;
	}

	pre.wrap {
		overflow-wrap: anywhere;
		white-space: pre-wrap;
	}

	.failure h3,
	.failure .type {
		color: var(--error);
	}

	.failure .type {
		font-weight: 600;
	}

	.failure pre {
		margin-top: var(--gap-xs);
	}

	.hint {
		color: var(--warn);
		margin-top: var(--gap-xs);
	}

	.actions {
		display: flex;
		flex-wrap: wrap;
		gap: var(--gap-s);
		margin-top: var(--gap-s);
	}
`;
