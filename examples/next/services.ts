import { setTimeout as sleep } from "node:timers/promises";
import { service } from "restate-connect/ingress";
import { Reports } from "./gen/reports/v1/reports_pb.js";

export default [
  service(Reports, {
    async write({ topic }) {
      await sleep(3_000); // stands for the work
      console.log(`wrote a report about ${topic}`);
      return { text: `All about ${topic}.` };
    },
  }),
];
