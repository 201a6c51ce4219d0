import { Suspense } from "react";
import { ConnectError, invocation } from "restate-connect";
import { ReportSchema } from "../../../gen/reports/v1/reports_pb.js";
import { transport } from "../../../lib/restate";

/** The id is in the URL: the page can be reloaded, left and shared while the report is written. */
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense fallback={<p>Your report is being written …</p>}>
      <Outcome id={id} />
    </Suspense>
  );
}

/** Waits for the outcome, which Next.js streams into the page. */
async function Outcome({ id }: { id: string }) {
  const text = await invocation(transport, id, ReportSchema)
    .attach()
    .then(
      (report) => report.text,
      (reason) => `There is no report: ${ConnectError.from(reason).rawMessage}`,
    );
  return <p>{text}</p>;
}
