using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>Answers the requests of one connection.</summary>
internal sealed class ServerConnection(BenchmarkServer server, Socket socket)
{
    private static readonly byte[] ContinueResponse = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
    private static readonly byte[] UrlResponse = CreateJsonResponse("""{"created":1767225600,"data":[{"url":"https://files.example.com/results/7c9e6679-7425-40de-944b-e07fc1f90ae7.png"}]}""");
    private static readonly byte[] UploadResponse = CreateJsonResponse("""{"id":"file-7c9e6679","object":"file","bytes":1,"created_at":1767225600,"filename":"noise.png","purpose":"vision","status":"processed","url":"https://files.example.com/noise.png"}""");
    private static readonly byte[] UnauthorizedResponse = CreateJsonResponse("""{"error":{"message":"The key is not valid.","type":"invalid_request_error","code":"invalid_api_key"}}""", "401 Unauthorized", "Connection: close\r\n");

    public void Run()
    {
        using (socket)
        {
            socket.NoDelay = true;
            var reader = new RequestReader(socket);
            try
            {
                while (reader.ReadHead() is { } head && Respond(head, reader))
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
    private bool Respond(RequestHead head, RequestReader reader)
    {
        if (head.Method == "GET")
        {
            return RespondToGet(head.Path);
        }

        if (head.Path.Contains("/files", StringComparison.Ordinal))
        {
            return RespondToUpload(head, reader);
        }

        SendContinue(head);
        reader.SkipBody(head);
        RespondWithImage(reader.RequestedNoiseBytes);
        return true;
    }

    private bool RespondToGet(string path)
    {
        var bytes = long.TryParse(path.AsSpan(path.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var requestedBytes) ? requestedBytes : 0;
        if (bytes == 0)
        {
            socket.Send(CreateJsonResponse(server.TakeUploadedBytes().ToString(CultureInfo.InvariantCulture)));
            return true;
        }

        socket.Send(CreateHead(bytes, "image/png"));
        foreach (var chunk in NoiseImage.RawChunks(bytes))
        {
            socket.Send(chunk.Span);
        }

        return true;
    }

    private bool RespondToUpload(RequestHead head, RequestReader reader)
    {
        server.BeginUpload();
        var count = 0L;
        try
        {
            if (head.Authorization.EndsWith(BenchmarkServer.InvalidApiKey, StringComparison.Ordinal))
            {
                // what is sent all the same is counted
                socket.Send(UnauthorizedResponse);
                socket.Shutdown(SocketShutdown.Send);
                count = reader.SkipToEnd();
                return false;
            }

            SendContinue(head);
            count = reader.SkipBody(head);
            socket.Send(UploadResponse);
            return true;
        }
        finally
        {
            server.EndUpload(count);
        }
    }

    private void SendContinue(RequestHead head)
    {
        if (head.ExpectsContinue)
        {
            socket.Send(ContinueResponse);
        }
    }

    private void RespondWithImage(long? noiseBytes)
    {
        if (noiseBytes is not { } bytes)
        {
            socket.Send(UrlResponse);
            return;
        }

        var prefix = """{"created":1767225600,"data":[{"b64_json":" """u8.TrimEnd((byte)' ');
        var suffix = "\"}]}"u8;
        socket.Send([.. CreateHead(prefix.Length + NoiseImage.Base64Length(bytes) + suffix.Length, "application/json"), .. prefix]);
        foreach (var chunk in NoiseImage.Base64Chunks(bytes))
        {
            socket.Send(chunk.Span);
        }

        socket.Send(suffix);
    }

    private static byte[] CreateHead(long length, string type, string status = "200 OK", string extraHeaders = "") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nx-request-id: req-7c9e6679\r\n{extraHeaders}Content-Length: {length}\r\n\r\n"));

    private static byte[] CreateJsonResponse(string text, string status = "200 OK", string extraHeaders = "") =>
        [.. CreateHead(Encoding.UTF8.GetByteCount(text), "application/json", status, extraHeaders), .. Encoding.UTF8.GetBytes(text)];
}
