using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageApi.Client.Tests.Support;

/// <summary>One wrong thing that a server does which knows the key and repeats it: made from a number, so that a property can generate it.</summary>
internal sealed record EchoFault(Endpoint Endpoint, int Seed)
{
    private static readonly int[] Statuses = [201, 202, 301, 302, 307, 400, 401, 402, 403, 404, 408, 409, 410, 413, 422, 425, 429, 500, 502, 503, 504, 529];

    private int Way => Of(0, 16);

    private int Status => Of(8, 2) == 0 ? 200 : Statuses[Of(1, Statuses.Length)];

    /// <summary>Half of the bodies are such as the endpoint is asked for, since the others are soon refused.</summary>
    private int Shape => Of(9, 2) == 0 ? Of(3, 16) : Endpoint switch
    {
        Endpoint.Generate => Of(3, 2) == 0 ? 8 : 15,
        Endpoint.Upload => 14,
        Endpoint.Download => 4,
        _ => 6 + Of(3, 2) + (Of(10, 3) == 0 ? 6 : 0), // 6, 7, 12, 13
    };

    /// <summary>Says whether a call may go on after it: then something has to come that ends it.</summary>
    public bool MayGoOn => Way >= 9 && Status < 400;

    /// <summary>Says whether the head is no HTTP: the platform's own activity quotes it, out of this library's reach.</summary>
    public bool IsQuotedByThePlatform => Way is 3 or 4 or 5;

    /// <summary>What the server does. All but a reset at once read the request first.</summary>
    public Exchange With(string key)
    {
        var text = Told(key);
        var body = Body(key, text);
        return Way switch
        {
            0 => Reply.ResetAtOnce,
            1 => Reply.Reset,
            2 => Reply.Close,
            3 => Reply.Raw($"you said {text}\r\n\r\n"),
            4 => Reply.Raw($"HTTP/1.1 200 OK\r\nyou said {text}\r\n\r\n"),
            5 => Reply.Raw($"HTTP/1.1 {text} OK\r\n\r\n"),
            6 => Reply.Raw($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{text}\r\n"),
            7 => Reply.Raw($"HTTP/1.1 500 {text}\r\nContent-Length: 0\r\nx-request-id: {text}\r\n\r\n"),
            8 => Reply.Raw($"HTTP/1.1 302 x\r\nLocation: http://user:{Uri.EscapeDataString(key)}@127.0.0.1:9/a?{text}\r\nContent-Length: 0\r\n\r\n"),
            9 => Reply.Raw(Reply.Message(body[..Of(2, body.Length)], "Content-Type: application/json", $"Content-Length: {body.Length}")),
            10 => Reply.Raw([.. Encoding.ASCII.GetBytes(Reply.Head(Status, "x-request-id: " + text)), .. body]),
            11 => Reply.With(Status, body, "application/json", "Content-Encoding: " + text),
            12 => Reply.With(Status, body, text),
            13 => Reply.With(Status, body, "text/plain", $"Retry-After: {text}", $"WWW-Authenticate: Bearer {text}", $"x-should-retry: {text}"),
            _ => Reply.With(Status, body, "application/json", $"request-id: {text}", $"Location: /a?{text}"),
        };
    }

    public override string ToString() => $"{Seed}: way {Way}, status {Status}, body {Shape}, text {Of(4, 7)}";

    private string Told(string key)
    {
        var forms = KeyForms.Of(key);
        var form = forms[Of(5, forms.Count)];
        return Of(4, 7) switch
        {
            0 => "Bearer " + form,
            1 => string.Concat(Enumerable.Repeat(form, 1 + Of(6, 300))),
            2 => new string('x', Of(6, 600)) + form, // where a message is cut
            3 => new string('x', 4096 - key.Length + Of(6, 2 * key.Length)) + form, // where an excerpt is cut
            4 => string.Join(' ', forms),
            _ => form,
        };
    }

    private byte[] Body(string key, string text)
    {
        var t = Quote(text);
        return Encoding.UTF8.GetBytes(Shape switch
        {
            0 => $$$"""{"error":{"message":{{{t}}},"code":{{{t}}},"type":{{{t}}},"param":{{{t}}}},"request_id":{{{t}}}}""",
            1 => $$"""{"detail":[{"loc":["body",{{t}}],"msg":{{t}}}],"{{(Status < 400 ? "x" : "job_id")}}":{{t}}}""", // an accepted job's id is handed out as it is: it is needed
            2 => $$"""{"error":{{t}},"request_id":{{t}}}""",
            3 => $$$"""{"errors":{{{{t}}}:[{{{t}}}]},"title":{{{t}}},"type":{{{t}}}}""",
            4 => text,
            5 => $"<html>{text}</html>",
            6 => $$$"""{"id":"job_example","status":"failed","error":{"message":{{{t}}},"code":{{{t}}},"type":{{{t}}}},"request_id":{{{t}}},"model":{{{t}}}}""",
            7 => $$"""{"id":"job_example","status":{{t}},"model":{{t}},"progress":{{t}},"request_id":{{t}},"x":{{t}}}""",
            8 => $$$"""{"data":[{"error":{"message":{{{t}}}},"mime_type":{{{t}}}},{"url":"https://example.com/a.png?{{{Uri.EscapeDataString(key)}}}"}],"request_id":{{{t}}},"size":{{{t}}},"quality":{{{t}}}}""",
            9 => $$"""{"id":"job_example","x":{{t}},""",
            10 => $$$"""{"job":{"id":{{{t}}}},"detail":{{{t}}}}""",
            11 => $$"""{"id":"job_a","id":{{t}}}""",
            12 => $$"""{"id":{{t}},"status":"queued","error":{{t}},"url":7""",
            13 => $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"https://example.com/a.png?{{{Uri.EscapeDataString(key)}}}","mime_type":{{{t}}},"error":{{{t}}}}]},"request_id":{{{t}}}}""",
            14 => $$"""{"id":"f","url":"https://example.com/a.png?{{Uri.EscapeDataString(key)}}","filename":{{t}},"mime_type":{{t}},"kind":{{t}},"purpose":{{t}},"request_id":{{t}}}""",
            _ => $$$"""{"data":[{"b64_json":{{{t}}}},"data:{{{text.Replace('"', '_').Replace('\\', '_')}}};base64,AQID"],"request_id":{{{t}}},"created":{{{t}}}}""",
        });
    }

    /// <summary>A text in JSON: escaped as little as can be, or a lot.</summary>
    private string Quote(string text) => $"\"{JsonEncodedText.Encode(text, Of(7, 2) == 0 ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default)}\"";

    /// <summary>The dice for one decision: the same whatever the others are.</summary>
    private int Of(int decision, int sides) => new Random(unchecked((Seed * 31) + decision)).Next(sides);
}
