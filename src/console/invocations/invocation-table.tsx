import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Invocation } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { linkTo } from "../route.ts";
import { formatDuration } from "../ui/format.ts";
import { ServiceName } from "../ui/service-name.tsx";
import { Time } from "../ui/time.tsx";
import { StateBadge } from "./state-badge.tsx";

interface InvocationTableProps {
  readonly invocations: readonly Invocation[];
  /** Epoch ms. */
  readonly now: number;
  readonly oldestFirst: boolean;
  readonly onSort: () => void;
}

/** Invocations, one a line. */
export function InvocationTable({ invocations, now, oldestFirst, onSort }: InvocationTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-box" tabIndex={0} aria-label="Invocations">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Method</th>
            <th scope="col">Key</th>
            <th scope="col">Id</th>
            <th scope="col" aria-sort={oldestFirst ? "ascending" : "descending"}>
              <button type="button" class="sort" onClick={onSort}>
                Created <span aria-hidden="true">{oldestFirst ? "↑" : "↓"}</span>
              </button>
            </th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Attempts
            </th>
          </tr>
        </thead>
        <tbody>
          {invocations.map((invocation) => (
            <Row key={invocation.id} invocation={invocation} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ invocation, now }: { readonly invocation: Invocation; readonly now: number }) {
  const { id, service, method, key, state, attempts, createdAt, completedAt } = invocation;
  const created = createdAt === undefined ? undefined : timestampDate(createdAt);
  const end = completedAt === undefined ? undefined : timestampDate(completedAt);
  return (
    <tr>
      <td>
        <StateBadge state={state} />
      </td>
      <td>
        <ServiceName name={service} />/{method}
      </td>
      <td class="mono key-cell">{key}</td>
      <td>
        <a class="mono" href={linkTo(["invocations", id])}>
          <span class="visually-hidden">{id}</span>
          <span aria-hidden="true" title={id}>
            {shortId(id)}
          </span>
        </a>
      </td>
      <td>{created === undefined ? null : <Time at={created} now={now} />}</td>
      <td class="number">
        {created === undefined || end === undefined
          ? null
          : formatDuration(end.getTime() - created.getTime())}
      </td>
      <td class="number">{attempts}</td>
    </tr>
  );
}

/** The ends of an id: its middle says nothing. */
function shortId(id: string): string {
  return id.length > 20 ? `${id.slice(0, 10)}…${id.slice(-6)}` : id;
}
