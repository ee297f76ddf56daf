using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>What no client can be faster than by much: the same bytes moved through the same system calls, without a thought for what they are.</summary>
internal sealed class BaselinePeer : Peer
{
    private const int BufferSize = 1024 * 1024;
    private static readonly byte[] Boundary = "\r\n--x--\r\n"u8.ToArray();

    private readonly Uri _server;
    private readonly HttpClient _http;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferSize];

    public BaselinePeer(Uri server)
    {
        _server = server;
        _http = new HttpClient { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    /// <summary>Writes the answer to a file as it comes, undecoded.</summary>
    public override async Task GenerateToFileAsync(long bytes, string path)
    {
        using var content = new StringContent($$"""{"prompt":"{{CreateNoisePrompt(bytes)}}"}""", Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/images/generations") { Content = content };
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await CopyToFileAsync(stream, path);
    }

    /// <summary>Sends a file that is the request already.</summary>
    public override async Task SendReferenceImageAsync(string path)
    {
        await using var file = new FileStream(path + ".json", FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        using var content = new StreamContent(file, BufferSize);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync("v1/images/generations", content);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Reads pieces and writes them to a bare socket.</summary>
    public override async Task UploadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true);
        if (!_socket.Connected)
        {
            await _socket.ConnectAsync(IPAddress.Loopback, _server.Port);
        }

        var form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"noise.png\"\r\n\r\n";
        var length = form.Length + file.Length + Boundary.Length;
        await _socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/files/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n{form}")));
        int count;
        while ((count = await file.ReadAsync(_buffer)) > 0)
        {
            await _socket.SendAsync(_buffer.AsMemory(0, count));
        }

        await _socket.SendAsync(Boundary);
        await _socket.ReceiveAsync(_buffer);
    }

    public override async Task DownloadAsync(Uri url, string path)
    {
        await using var stream = await _http.GetStreamAsync(url);
        await CopyToFileAsync(stream, path);
    }

    protected override void Dispose(bool disposing)
    {
        _http.Dispose();
        _socket.Dispose();
        base.Dispose(disposing);
    }

    private static async Task CopyToFileAsync(Stream stream, string path)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true);
        await stream.CopyToAsync(file, BufferSize);
    }
}
