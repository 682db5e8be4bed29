import { restStore } from "../../src/store/rest/store.ts";
import { modelCases } from "../support/modelCases.ts";
import { startService } from "../support/service.ts";

const { url } = await startService();

modelCases("rest", restStore({ tracking_uri: url }));
