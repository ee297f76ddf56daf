using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>A server of large bodies that keeps none of them: it answers a POST with a picture in base64 and a GET with a picture, and counts what it gets.</summary>
internal sealed class FloodServer : IAsyncDisposable
{
    /// <summary>So that the pieces of a picture make pieces of base64 without padding.</summary>
    private const int PieceLength = 48 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly int _pieces;
    private long _received;

    private FloodServer(int mebibytes)
    {
        _pieces = mebibytes * 1024 * 1024 / PieceLength;
        _listener.Start();
        _serving.Add(AcceptAsync());
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Gets how many bytes a picture has: whole pieces, so a little less than was asked for.</summary>
    public long PictureLength => (long)_pieces * PieceLength;

    /// <summary>Gets how many bytes of bodies came.</summary>
    public long Received => Interlocked.Read(ref _received);

    public static FloodServer Start(int mebibytes) => new(mebibytes);

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
                await (head.StartsWith("GET ", StringComparison.Ordinal) ? SendPictureAsync(stream) : SendAnswerAsync(stream, head));
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
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
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
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var left = at < 0 ? 0 : long.Parse(head.AsSpan(at + Name.Length, head.IndexOf('\r', at) - at - Name.Length), CultureInfo.InvariantCulture);
        var buffer = new byte[256 * 1024];
        while (left > 0)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), _stop.Token);
            left -= count > 0 ? count : throw new IOException("The body was cut.");
            Interlocked.Add(ref _received, count);
        }
    }

    private async Task SendPictureAsync(NetworkStream stream)
    {
        await SendHeadAsync(stream, "image/png", PictureLength);
        for (var i = 0; i < _pieces; i++)
        {
            await stream.WriteAsync(Piece(i), _stop.Token);
        }
    }

    private async Task SendAnswerAsync(NetworkStream stream, string head)
    {
        var isUpload = head.Contains("/files/", StringComparison.Ordinal);
        var before = isUpload ? """{"id":"file_1","url":"https://example.com/a.png"}"""u8.ToArray() : """{"data":[{"b64_json":" """u8.TrimEnd((byte)' ').ToArray();
        var after = isUpload ? [] : "\"}]}"u8.ToArray();
        var pieces = isUpload ? 0 : _pieces;
        await SendHeadAsync(stream, "application/json", before.Length + (pieces * (long)Base64.GetMaxEncodedToUtf8Length(PieceLength)) + after.Length);
        await stream.WriteAsync(before, _stop.Token);
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(PieceLength)];
        for (var i = 0; i < pieces; i++)
        {
            Base64.EncodeToUtf8(Piece(i), text, out var _, out var _);
            await stream.WriteAsync(text, _stop.Token);
        }

        await stream.WriteAsync(after, _stop.Token);
    }

    private async Task SendHeadAsync(NetworkStream stream, string type, long length) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Reply.Head(200, $"Content-Type: {type}", $"Content-Length: {length}")), _stop.Token);

    /// <summary>A piece of a picture that begins and ends like a PNG.</summary>
    private byte[] Piece(int number)
    {
        var piece = new byte[PieceLength];
        Array.Fill(piece, (byte)number);
        if (number == 0)
        {
            Samples.Png.AsSpan(0, 33).CopyTo(piece);
        }

        if (number == _pieces - 1)
        {
            Samples.Png.AsSpan(Samples.Png.Length - 12).CopyTo(piece.AsSpan(PieceLength - 12));
        }

        return piece;
    }
}
