using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>What a <see cref="ScriptedServer"/> does in one exchange. It begins when a connection is there, not when a request is.</summary>
internal delegate Task Exchange(ScriptedConnection connection);

/// <summary>A server on a bare socket that does what its script says, however wrong, and writes down every byte that it gets.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly List<RecordedRequest> _requests = [];
    private readonly MemoryStream _received = new();
    private readonly Lock _lock = new();
    private readonly Exchange[] _script;
    private readonly X509Certificate2? _certificate;
    private TaskCompletionSource _requestReceived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connectionCount;
    private int _exchangeCount;

    private ScriptedServer(Exchange[] script, X509Certificate2? certificate)
    {
        _script = script;
        _certificate = certificate;
        _listener.Start();
        BaseAddress = new Uri($"{(certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}/");
        _serving.Add(AcceptAsync());
    }

    public Uri BaseAddress { get; }

    /// <summary>Gets the requests of which at least the head was read.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public int Connections => Volatile.Read(ref _connectionCount);

    /// <summary>Gets every byte that came, decrypted.</summary>
    public string Received
    {
        get
        {
            lock (_lock)
            {
                return Encoding.Latin1.GetString(_received.GetBuffer(), 0, (int)_received.Length);
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="script">One exchange after the other; the last one is repeated for ever.</param>
    public static ScriptedServer Start(params Exchange[] script) => new(script, certificate: null);

    /// <inheritdoc cref="Start"/>
    public static ScriptedServer StartTls(X509Certificate2 certificate, params Exchange[] script) => new(script, certificate);

    /// <summary>Waits until a number of requests have come.</summary>
    public async Task WaitForRequestsAsync(int count)
    {
        while (true)
        {
            Task requestReceived;
            lock (_lock)
            {
                if (_requests.Count >= count)
                {
                    return;
                }

                requestReceived = _requestReceived.Task;
            }

            await requestReceived.WaitAsync(TestTimeout.Duration);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_serving).WaitAsync(TestTimeout.Duration);
        _stop.Dispose();
    }

    internal void Add(RecordedRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
            _requestReceived.SetResult();
            _requestReceived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _received.Write(bytes);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connectionCount);
                _serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            }

            using var connection = new ScriptedConnection(this, socket, stream, _stop.Token);
            do
            {
                await _script[Math.Min(Interlocked.Increment(ref _exchangeCount), _script.Length) - 1](connection);
            }
            while (!connection.IsClosed && await connection.WaitForNextRequestAsync());
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // the client went away, as some tests want it to
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }
}
