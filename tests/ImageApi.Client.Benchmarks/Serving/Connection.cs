using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>Answers the requests of one connection.</summary>
internal sealed class Connection(BenchServer server, Socket socket)
{
    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private static readonly byte[] Link = Json("""{"created":1767225600,"data":[{"url":"https://files.example.com/results/7c9e6679-7425-40de-944b-e07fc1f90ae7.png"}]}""");
    private static readonly byte[] Uploaded = Json("""{"id":"file-7c9e6679","object":"file","bytes":1,"created_at":1767225600,"filename":"noise.png","purpose":"vision","status":"processed","url":"https://files.example.com/noise.png"}""");
    private static readonly byte[] Refused = Json("""{"error":{"message":"The key is not valid.","type":"invalid_request_error","code":"invalid_api_key"}}""", "401 Unauthorized", "Connection: close\r\n");

    public void Run()
    {
        using (socket)
        {
            socket.NoDelay = true;
            var input = new RequestReader(socket);
            try
            {
                while (input.ReadHead() is { } head && Answer(head, input))
                {
                }
            }
            catch (SocketException)
            {
                // the client went away
            }
        }
    }

    /// <summary>Answers one request.</summary>
    /// <returns>False when the connection ends with it.</returns>
    private bool Answer(RequestHead head, RequestReader input)
    {
        if (head.Method == "GET")
        {
            return AnswerGet(head.Path);
        }

        if (head.Path.Contains("/files", StringComparison.Ordinal))
        {
            return Upload(head, input);
        }

        GoOn(head);
        input.SkipBody(head);
        Generate(input.NoiseWanted);
        return true;
    }

    private bool AnswerGet(string path)
    {
        var bytes = long.TryParse(path.AsSpan(path.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var wanted) ? wanted : 0;
        if (bytes == 0)
        {
            socket.Send(Json(server.TakeUploaded().ToString(CultureInfo.InvariantCulture)));
            return true;
        }

        socket.Send(Head(bytes, "image/png"));
        foreach (var piece in Noise.Raw(bytes))
        {
            socket.Send(piece.Span);
        }

        return true;
    }

    private bool Upload(RequestHead head, RequestReader input)
    {
        server.UploadBegins();
        var count = 0L;
        try
        {
            if (head.Authorization.EndsWith(BenchServer.RefusedKey, StringComparison.Ordinal))
            {
                // what is sent all the same is counted
                socket.Send(Refused);
                socket.Shutdown(SocketShutdown.Send);
                count = input.SkipToEnd();
                return false;
            }

            GoOn(head);
            count = input.SkipBody(head);
            socket.Send(Uploaded);
            return true;
        }
        finally
        {
            server.UploadEnds(count);
        }
    }

    private void GoOn(RequestHead head)
    {
        if (head.ExpectsContinue)
        {
            socket.Send(Continue);
        }
    }

    private void Generate(long? noise)
    {
        if (noise is not { } bytes)
        {
            socket.Send(Link);
            return;
        }

        var before = """{"created":1767225600,"data":[{"b64_json":" """u8.TrimEnd((byte)' ');
        var after = "\"}]}"u8;
        socket.Send([.. Head(before.Length + Noise.Base64Length(bytes) + after.Length, "application/json"), .. before]);
        foreach (var piece in Noise.Base64(bytes))
        {
            socket.Send(piece.Span);
        }

        socket.Send(after);
    }

    private static byte[] Head(long length, string type, string status = "200 OK", string more = "") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nx-request-id: req-7c9e6679\r\n{more}Content-Length: {length}\r\n\r\n"));

    private static byte[] Json(string text, string status = "200 OK", string more = "") =>
        [.. Head(Encoding.UTF8.GetByteCount(text), "application/json", status, more), .. Encoding.UTF8.GetBytes(text)];
}
