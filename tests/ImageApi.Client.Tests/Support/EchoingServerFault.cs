using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageApi.Client.Tests.Support;

/// <summary>One wrong thing that a server does which knows the key and repeats it: made from a number, so that a property can generate it.</summary>
internal sealed record EchoingServerFault(Endpoint Endpoint, int Seed)
{
    private static readonly int[] Statuses = [201, 202, 301, 302, 307, 400, 401, 402, 403, 404, 408, 409, 410, 413, 422, 425, 429, 500, 502, 503, 504, 529];

    private int FaultKind => Draw(0, 16);

    private int Status => Draw(8, 2) == 0 ? 200 : Statuses[Draw(1, Statuses.Length)];

    /// <summary>Half of the bodies are such as the endpoint is asked for, since the others are soon refused.</summary>
    private int BodyKind => Draw(9, 2) == 0 ? Draw(3, 16) : Endpoint switch
    {
        Endpoint.Generate => Draw(3, 2) == 0 ? 8 : 15,
        Endpoint.Upload => 14,
        Endpoint.Download => 4,
        _ => 6 + Draw(3, 2) + (Draw(10, 3) == 0 ? 6 : 0), // 6, 7, 12, 13
    };

    /// <summary>Says whether a call may go on after it: then something has to come that ends it.</summary>
    public bool MayBeRetried => FaultKind >= 9 && Status < 400;

    /// <summary>Says whether the head is no HTTP: the platform's own activity quotes it, out of this library's reach.</summary>
    public bool IsQuotedByHttpClient => FaultKind is 3 or 4 or 5;

    /// <summary>What the server does. All but a reset at once read the request first.</summary>
    public Exchange ExchangeFor(string apiKey)
    {
        var text = TextWithApiKey(apiKey);
        var body = Body(apiKey, text);
        return FaultKind switch
        {
            0 => ScriptedResponse.ResetImmediately,
            1 => ScriptedResponse.Reset,
            2 => ScriptedResponse.Close,
            3 => ScriptedResponse.Raw($"you said {text}\r\n\r\n"),
            4 => ScriptedResponse.Raw($"HTTP/1.1 200 OK\r\nyou said {text}\r\n\r\n"),
            5 => ScriptedResponse.Raw($"HTTP/1.1 {text} OK\r\n\r\n"),
            6 => ScriptedResponse.Raw($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{text}\r\n"),
            7 => ScriptedResponse.Raw($"HTTP/1.1 500 {text}\r\nContent-Length: 0\r\nx-request-id: {text}\r\n\r\n"),
            8 => ScriptedResponse.Raw($"HTTP/1.1 302 x\r\nLocation: http://user:{Uri.EscapeDataString(apiKey)}@127.0.0.1:9/a?{text}\r\nContent-Length: 0\r\n\r\n"),
            9 => ScriptedResponse.Raw(ScriptedResponse.Message(body[..Draw(2, body.Length)], "Content-Type: application/json", $"Content-Length: {body.Length}")),
            10 => ScriptedResponse.Raw([.. Encoding.ASCII.GetBytes(ScriptedResponse.Head(Status, "x-request-id: " + text)), .. body]),
            11 => ScriptedResponse.With(Status, body, "application/json", "Content-Encoding: " + text),
            12 => ScriptedResponse.With(Status, body, text),
            13 => ScriptedResponse.With(Status, body, "text/plain", $"Retry-After: {text}", $"WWW-Authenticate: Bearer {text}", $"x-should-retry: {text}"),
            _ => ScriptedResponse.With(Status, body, "application/json", $"request-id: {text}", $"Location: /a?{text}"),
        };
    }

    public override string ToString() => $"{Seed}: way {FaultKind}, status {Status}, body {BodyKind}, text {Draw(4, 7)}";

    private string TextWithApiKey(string apiKey)
    {
        var encodings = ApiKeyEncodings.AllOf(apiKey);
        var encoded = encodings[Draw(5, encodings.Count)];
        return Draw(4, 7) switch
        {
            0 => "Bearer " + encoded,
            1 => string.Concat(Enumerable.Repeat(encoded, 1 + Draw(6, 300))),
            2 => new string('x', Draw(6, 600)) + encoded, // where a message is cut
            3 => new string('x', 4096 - apiKey.Length + Draw(6, 2 * apiKey.Length)) + encoded, // where an excerpt is cut
            4 => string.Join(' ', encodings),
            _ => encoded,
        };
    }

    private byte[] Body(string apiKey, string text)
    {
        var quoted = Quote(text);
        return Encoding.UTF8.GetBytes(BodyKind switch
        {
            0 => $$$"""{"error":{"message":{{{quoted}}},"code":{{{quoted}}},"type":{{{quoted}}},"param":{{{quoted}}}},"request_id":{{{quoted}}}}""",
            1 => $$"""{"detail":[{"loc":["body",{{quoted}}],"msg":{{quoted}}}],"{{(Status < 400 ? "x" : "job_id")}}":{{quoted}}}""", // an accepted job's id is handed out as it is: it is needed
            2 => $$"""{"error":{{quoted}},"request_id":{{quoted}}}""",
            3 => $$$"""{"errors":{{{{quoted}}}:[{{{quoted}}}]},"title":{{{quoted}}},"type":{{{quoted}}}}""",
            4 => text,
            5 => $"<html>{text}</html>",
            6 => $$$"""{"id":"job_example","status":"failed","error":{"message":{{{quoted}}},"code":{{{quoted}}},"type":{{{quoted}}}},"request_id":{{{quoted}}},"model":{{{quoted}}}}""",
            7 => $$"""{"id":"job_example","status":{{quoted}},"model":{{quoted}},"progress":{{quoted}},"request_id":{{quoted}},"x":{{quoted}}}""",
            8 => $$$"""{"data":[{"error":{"message":{{{quoted}}}},"mime_type":{{{quoted}}}},{"url":"https://example.com/a.png?{{{Uri.EscapeDataString(apiKey)}}}"}],"request_id":{{{quoted}}},"size":{{{quoted}}},"quality":{{{quoted}}}}""",
            9 => $$"""{"id":"job_example","x":{{quoted}},""",
            10 => $$$"""{"job":{"id":{{{quoted}}}},"detail":{{{quoted}}}}""",
            11 => $$"""{"id":"job_a","id":{{quoted}}}""",
            12 => $$"""{"id":{{quoted}},"status":"queued","error":{{quoted}},"url":7""",
            13 => $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"https://example.com/a.png?{{{Uri.EscapeDataString(apiKey)}}}","mime_type":{{{quoted}}},"error":{{{quoted}}}}]},"request_id":{{{quoted}}}}""",
            14 => $$"""{"id":"f","url":"https://example.com/a.png?{{Uri.EscapeDataString(apiKey)}}","filename":{{quoted}},"mime_type":{{quoted}},"kind":{{quoted}},"purpose":{{quoted}},"request_id":{{quoted}}}""",
            _ => $$$"""{"data":[{"b64_json":{{{quoted}}}},"data:{{{text.Replace('"', '_').Replace('\\', '_')}}};base64,AQID"],"request_id":{{{quoted}}},"created":{{{quoted}}}}""",
        });
    }

    /// <summary>A text in JSON: escaped as little as can be, or a lot.</summary>
    private string Quote(string text) => $"\"{JsonEncodedText.Encode(text, Draw(7, 2) == 0 ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default)}\"";

    /// <summary>The dice for one decision: the same whatever the others are.</summary>
    private int Draw(int decision, int count) => new Random(unchecked((Seed * 31) + decision)).Next(count);
}
