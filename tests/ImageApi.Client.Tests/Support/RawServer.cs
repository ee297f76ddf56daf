using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>A server of bare sockets: what the test writes is what goes over the wire. It keeps every request as it came.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<RawConnection, Task> _serve;
    private readonly Task _accepting;
    private int _connectionCount;

    private RawServer(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connectionCount);

    public ConcurrentQueue<RawRequest> Requests { get; } = [];

    /// <summary>Serves every connection by itself; the connection is closed when the task ends.</summary>
    public static RawServer Start(Func<RawConnection, Task> serve) => new(serve);

    /// <summary>Answers every request in turn, one per connection; the last answer repeats.</summary>
    public static RawServer RespondingWith(params byte[][] responses)
    {
        var index = -1;
        return Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(responses[Math.Min(Interlocked.Increment(ref index), responses.Length - 1)]);
        });
    }

    /// <summary>Makes an answer whose length may be announced wrongly.</summary>
    public static byte[] CreateResponse(byte[] body, string type = "application/json", int status = 200, long? contentLength = null, string headers = "") =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Status\r\nContent-Type: {type}\r\nContent-Length: {contentLength ?? body.Length}\r\nConnection: close\r\n{headers}\r\n"), .. body];

    public static byte[] CreateResponse(string json, int status = 200) => CreateResponse(Encoding.UTF8.GetBytes(json), status: status);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connectionCount);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // stopped
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await _serve(new RawConnection(client.GetStream(), this, _stop.Token));
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // the peer left, or the server stops
        }
    }
}
