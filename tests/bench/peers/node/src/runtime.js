// The Lambda runtime loop on one kept connection. The handler is loaded before the first poll: that is INIT.
import http from "node:http";
import { handler } from "../dist/handler.cjs";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, agent }, async (response) => {
      const text = (await response.toArray()).join("");
      resolve({ headers: response.headers, text });
    });
    request.on("error", reject).end(body);
  });
}

for (;;) {
  const { headers, text } = await call("GET", "next");
  const context = {
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "score",
    getRemainingTimeInMillis: () => Number(headers["lambda-runtime-deadline-ms"]) - Date.now(),
  };
  try {
    const answer = await handler(JSON.parse(text), context);
    await call("POST", `${context.awsRequestId}/response`, JSON.stringify(answer));
  } catch (error) {
    const failure = { errorType: error.name, errorMessage: error.message };
    await call("POST", `${context.awsRequestId}/error`, JSON.stringify(failure));
  }
}
