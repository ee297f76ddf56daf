using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>A server of large bodies that keeps none of them: it answers a POST with a picture in base64 and a GET with a picture, and counts what it gets.</summary>
internal sealed class LargeBodyServer : IAsyncDisposable
{
    /// <summary>So that the pieces of a picture make pieces of base64 without padding.</summary>
    private const int ChunkLength = 48 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly int _chunkCount;
    private long _receivedBodyBytes;

    private LargeBodyServer(int mebibytes)
    {
        _chunkCount = mebibytes * 1024 * 1024 / ChunkLength;
        _listener.Start();
        _serving.Add(AcceptAsync());
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Gets how many bytes a picture has: whole pieces, so a little less than was asked for.</summary>
    public long ImageLength => (long)_chunkCount * ChunkLength;

    /// <summary>Gets how many bytes of bodies came.</summary>
    public long ReceivedBodyBytes => Interlocked.Read(ref _receivedBodyBytes);

    public static LargeBodyServer Start(int mebibytes) => new(mebibytes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the end
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
            {
                await DrainAsync(stream, head);
                await (head.StartsWith("GET ", StringComparison.Ordinal) ? SendImageAsync(stream) : SendJsonResponseAsync(stream, head));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // the client went away, or the test is over
        }
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var singleByte = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(singleByte, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)singleByte[0]);
        }

        return head.ToString();
    }

    private async Task DrainAsync(NetworkStream stream, string head)
    {
        if (head.Contains("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        }

        const string Name = "Content-Length: ";
        var offset = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var remaining = offset < 0 ? 0 : long.Parse(head.AsSpan(offset + Name.Length, head.IndexOf('\r', offset) - offset - Name.Length), CultureInfo.InvariantCulture);
        var buffer = new byte[256 * 1024];
        while (remaining > 0)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(remaining, buffer.Length)), _stop.Token);
            remaining -= count > 0 ? count : throw new IOException("The body was cut.");
            Interlocked.Add(ref _receivedBodyBytes, count);
        }
    }

    private async Task SendImageAsync(NetworkStream stream)
    {
        await SendHeadAsync(stream, "image/png", ImageLength);
        for (var i = 0; i < _chunkCount; i++)
        {
            await stream.WriteAsync(CreateChunk(i), _stop.Token);
        }
    }

    private async Task SendJsonResponseAsync(NetworkStream stream, string head)
    {
        var isUpload = head.Contains("/files/", StringComparison.Ordinal);
        var jsonStart = isUpload ? """{"id":"file_1","url":"https://example.com/a.png"}"""u8.ToArray() : """{"data":[{"b64_json":" """u8.TrimEnd((byte)' ').ToArray();
        var jsonEnd = isUpload ? [] : "\"}]}"u8.ToArray();
        var chunkCount = isUpload ? 0 : _chunkCount;
        await SendHeadAsync(stream, "application/json", jsonStart.Length + (chunkCount * (long)Base64.GetMaxEncodedToUtf8Length(ChunkLength)) + jsonEnd.Length);
        await stream.WriteAsync(jsonStart, _stop.Token);
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(ChunkLength)];
        for (var i = 0; i < chunkCount; i++)
        {
            Base64.EncodeToUtf8(CreateChunk(i), text, out var _, out var _);
            await stream.WriteAsync(text, _stop.Token);
        }

        await stream.WriteAsync(jsonEnd, _stop.Token);
    }

    private async Task SendHeadAsync(NetworkStream stream, string type, long length) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(ScriptedResponse.Head(200, $"Content-Type: {type}", $"Content-Length: {length}")), _stop.Token);

    /// <summary>A piece of a picture that begins and ends like a PNG.</summary>
    private byte[] CreateChunk(int number)
    {
        var chunk = new byte[ChunkLength];
        Array.Fill(chunk, (byte)number);
        if (number == 0)
        {
            SampleFiles.Png.AsSpan(0, 33).CopyTo(chunk);
        }

        if (number == _chunkCount - 1)
        {
            SampleFiles.Png.AsSpan(SampleFiles.Png.Length - 12).CopyTo(chunk.AsSpan(ChunkLength - 12));
        }

        return chunk;
    }
}
