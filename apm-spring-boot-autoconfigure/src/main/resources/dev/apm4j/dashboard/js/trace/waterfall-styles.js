import { css, unsafeCSS } from 'lit';

/** In px; the waterfall computes with it. */
export const ROW_HEIGHT = 26;

export const waterfallStyles = css`
	:host {
		--row: ${unsafeCSS(ROW_HEIGHT)}px;
		--names: 40%;
		/* Kept free on the right for the duration written beside a bar. */
		--room: 4.25rem;

		background: var(--surface);
		border: 1px solid var(--line);
		border-radius: var(--radius);
		display: flex;
		flex-direction: column;
		overflow: hidden;
	}

	.scroller {
		min-height: 0;
		overflow: hidden auto;
		/* Rows come and go while scrolling; anchoring would scroll along. */
		overflow-anchor: none;
	}

	.scroller:focus-visible {
		outline-offset: -2px;
	}

	.space {
		height: var(--height);
		position: relative;
	}

	.window {
		left: 0;
		position: absolute;
		right: 0;
		top: var(--offset);
	}

	.row {
		cursor: default;
		display: grid;
		grid-template-columns: var(--names) minmax(0, 1fr);
		height: var(--row);
	}

	.row:hover {
		background: var(--hover);
	}

	.row.found {
		background: var(--mark);
	}

	.row.selected {
		background: var(--selected);
		box-shadow: inset 3px 0 var(--accent);
	}

	.head,
	.head:hover {
		background: var(--surface);
		border-bottom: 1px solid var(--line);
		color: var(--muted);
		font-size: var(--text-s);
		position: sticky;
		top: 0;
		z-index: 2;
	}

	.title {
		font-weight: 600;
		line-height: var(--row);
		padding-left: var(--gap-m);
	}

	.axis {
		border-left: 1px solid var(--line);
		overflow: hidden;
		position: relative;
	}

	.tick {
		border-left: 1px solid var(--line);
		font-variant-numeric: tabular-nums;
		inset-block: 0;
		left: calc(var(--at) * (100% - var(--room)));
		line-height: var(--row);
		padding-left: 0.3rem;
		position: absolute;
		white-space: nowrap;
	}

	.tick:first-child {
		border-left: 0;
	}

	.label {
		align-items: center;
		display: flex;
		gap: 0.35rem;
		min-width: 0;
		padding-left: calc(0.35rem + var(--indent) * 0.85rem);
		padding-right: var(--gap-s);
	}

	.label > * {
		flex: none;
	}

	.label .name {
		flex: 0 1 auto;
		overflow: hidden;
		overflow-wrap: normal;
		text-overflow: ellipsis;
		white-space: nowrap;
	}

	.fold {
		align-items: center;
		border-radius: var(--radius-s);
		color: var(--muted);
		cursor: pointer;
		display: flex;
		font-size: 0.8rem;
		height: 1.3rem;
		justify-content: center;
		width: 1.1rem;
	}

	.fold:empty {
		cursor: inherit;
	}

	.fold:hover:not(:empty) {
		background: var(--line);
		color: var(--text);
	}

	.service {
		background: var(--service);
		border-radius: 2px;
		height: 0.9rem;
		width: 3px;
	}

	.times,
	.below,
	.deep {
		background: var(--neutral-soft);
		border-radius: var(--radius-s);
		color: var(--muted);
		font-size: var(--text-s);
		font-variant-numeric: tabular-nums;
		line-height: 1.1rem;
		padding: 0 0.3rem;
	}

	.times {
		color: var(--text);
		font-weight: 600;
	}

	.times.repeated {
		background: var(--warn-soft);
		color: var(--warn);
	}

	.failure {
		background: var(--error-soft);
		border-radius: var(--radius-s);
		color: var(--error);
		font-size: var(--text-s);
		font-weight: 600;
		line-height: 1.1rem;
		padding: 0 0.3rem;
	}

	.failed .name {
		color: var(--error);
	}

	/* The axis' ticks go on as lines through all rows. */
	.line {
		background-image: linear-gradient(to right, var(--line) 1px, transparent 1px);
		background-size: calc(var(--step) * (100% - var(--room))) 100%;
		color: var(--muted);
		font-size: var(--text-s);
		font-variant-numeric: tabular-nums;
		overflow: hidden;
		position: relative;
	}

	.server {
		--bar: var(--span-server);
	}

	.client {
		--bar: var(--span-client);
	}

	.db {
		--bar: var(--span-db);
	}

	.messaging {
		--bar: var(--span-messaging);
	}

	.local {
		--bar: var(--span-local);
	}

	.bar {
		background: var(--bar);
		border-radius: 2px;
		bottom: 7px;
		left: calc(var(--from) * (100% - var(--room)));
		min-width: 2px;
		position: absolute;
		top: 7px;
		width: calc((var(--to) - var(--from)) * (100% - var(--room)));
	}

	.failed .bar {
		box-shadow: inset 0 -3px var(--error);
	}

	.many {
		fill: var(--bar);
		height: 8px;
		left: 0;
		opacity: 0.85;
		position: absolute;
		top: 9px;
		width: calc(100% - var(--room));
	}

	.time {
		left: calc(var(--to) * (100% - var(--room)) + 0.4rem);
		line-height: var(--row);
		position: absolute;
		white-space: nowrap;
	}

	@media (max-width: 640px) {
		:host {
			--names: 54%;
			--room: 3.75rem;
		}

		.label {
			padding-left: calc(0.1rem + var(--indent) * 0.4rem);
		}
	}
`;
