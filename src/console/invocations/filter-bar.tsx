import { useServer } from "../server.ts";
import { formatCount } from "../ui/format.ts";
import { allStates, type Filter, type StateName } from "./filter.ts";

interface FilterBarProps {
  readonly filter: Filter;
  readonly counts: ReadonlyMap<StateName, number>;
  readonly onChange: (change: Partial<Filter>) => void;
}

const periods: readonly (readonly [seconds: number, title: string])[] = [
  [0, "any time"],
  [300, "last 5 minutes"],
  [3_600, "last hour"],
  [86_400, "last day"],
  [604_800, "last week"],
];

/** Chooses which invocations to show. */
export function FilterBar({ filter, counts, onChange }: FilterBarProps) {
  const { data: server } = useServer();
  const services = server?.services ?? [];
  const methods = services.find(({ typeName }) => typeName === filter.service)?.methods ?? [];
  return (
    <search class="filter-bar">
      <fieldset class="state-chips">
        <legend class="visually-hidden">States</legend>
        {allStates.map((state) => (
          <StateChip
            key={state}
            state={state}
            count={counts.get(state) ?? 0}
            isChosen={filter.states.includes(state)}
            onToggle={() => onChange({ states: toggled(filter.states, state) })}
          />
        ))}
      </fieldset>
      <label class="field">
        <span>Service</span>
        <select
          value={filter.service}
          onChange={(event) => onChange({ service: event.currentTarget.value, method: "" })}
        >
          <option value="">all services</option>
          {services.map(({ typeName }) => (
            <option key={typeName} value={typeName}>
              {typeName}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Method</span>
        <select
          value={filter.method}
          disabled={filter.service === ""}
          onChange={(event) => onChange({ method: event.currentTarget.value })}
        >
          <option value="">all methods</option>
          {methods.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <SearchField
        label="Key"
        value={filter.key ?? ""}
        onSearch={(key) => onChange({ key: key || undefined })}
      />
      <SearchField label="Invocation id" value={filter.id} onSearch={(id) => onChange({ id })} />
      <SearchField
        label="Idempotency key"
        value={filter.idempotencyKey}
        onSearch={(idempotencyKey) => onChange({ idempotencyKey })}
      />
      <label class="field">
        <span>Created</span>
        <select
          value={String(filter.withinSeconds)}
          onChange={(event) => onChange({ withinSeconds: Number(event.currentTarget.value) })}
        >
          {periods.map(([seconds, title]) => (
            <option key={seconds} value={String(seconds)}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}

interface StateChipProps {
  readonly state: StateName;
  readonly count: number;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function StateChip({ state, count, isChosen, onToggle }: StateChipProps) {
  return (
    <label class="state-chip">
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span class={`state ${state}`}>
        {state.replace("-", " ")} <b>{formatCount(count)}</b>
      </span>
    </label>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (value: string) => void;
}

/** Searches when the field is left, or with Enter. */
function SearchField({ label, value, onSearch }: SearchFieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="search"
        value={value}
        placeholder="any"
        spellcheck={false}
        autocomplete="off"
        onChange={(event) => onSearch(event.currentTarget.value.trim())}
      />
    </label>
  );
}

function toggled(states: readonly StateName[], state: StateName): readonly StateName[] {
  return states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
}
