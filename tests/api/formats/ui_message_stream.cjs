// Reads a UI message stream with the package `ai`, unmodified, as `useChat` does, and prints the
// message. Arguments: `file PATH` for what was sent before, or `url URL QUESTION` for a service.
const { readFileSync } = require("node:fs");
const { DefaultChatTransport, readUIMessageStream } = require("ai");

const [how, where, question] = process.argv.slice(2);
const headers = { "content-type": "text/event-stream" };
const seen = {};

const transport = new DefaultChatTransport({
  api: how === "url" ? where : "http://quoth.example/v1/ask",
  fetch: async (...call) => {
    const response =
      how === "url" ? await fetch(...call) : new Response(readFileSync(where), { headers });
    seen.status = response.status;
    seen.protocol = response.headers.get("x-vercel-ai-ui-message-stream");
    return response;
  },
  prepareSendMessagesRequest: ({ messages }) => ({
    body: { question: messages.at(-1).parts[0].text, format: "ai-sdk" },
  }),
});

async function main() {
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "chat",
    messages: [{ id: "1", role: "user", parts: [{ type: "text", text: question ?? "" }] }],
  });
  const chunks = [];
  const noted = stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        chunks.push(chunk);
        controller.enqueue(chunk);
      },
    }),
  );
  let message;
  const onError = (error) => {
    throw error;
  };
  for await (const state of readUIMessageStream({ stream: noted, onError })) message = state;
  const ends = chunks.filter((chunk) => chunk.type === "text-end");
  const text = message.parts.find((part) => part.type === "text").text;
  // The citations in the words that JavaScript finds at their indexes.
  const cited = ends.flatMap((end) =>
    end.citations.map((c) => [c.source.id, text.slice(c.startIndex, c.endIndex), c.citedText]),
  );
  console.log(JSON.stringify({ ...seen, message, cited }));
}

main();
