namespace ImageApi.Client.Http.Handlers;

/// <summary>Makes the handler and the HttpClient that this library uses where the caller gives none.</summary>
internal static class HttpClientDefaults
{
    /// <summary>Connections are renewed now and then, so that changes of DNS are seen.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient Create(TimeSpan connectTimeout) => Configure(new HttpClient(CreateHandler(connectTimeout), disposeHandler: true));

    /// <summary>Time is the pipeline's business: the HttpClient's own limit would cut paid calls.</summary>
    public static HttpClient Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

#if NETSTANDARD2_0 // there is no SocketsHttpHandler to set limits on
    public static HttpMessageHandler CreateHandler(TimeSpan connectTimeout)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        try
        {
            RemoveConnectionLimit(handler);
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException or MissingMethodException)
        {
            // handlers of Mono's and the first of .NET Framework's have no such limit to set
        }

        return handler;
    }

    /// <summary>
    /// .NET Framework opens two connections to a server: two generations would keep every other call waiting, up to its time limit.
    /// It is a method of its own, so that a property that is not there is found missing in here.
    /// </summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void RemoveConnectionLimit(HttpClientHandler handler) => handler.MaxConnectionsPerServer = int.MaxValue;
#else
    // Answers are not unpacked, which is the default: naming AutomaticDecompression at all brings Brotli and zlib, 0.9 MB, into every native program.
    public static HttpMessageHandler CreateHandler(TimeSpan connectTimeout) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        // a server that ignores "Expect: 100-continue" must not cost every upload a second
        Expect100ContinueTimeout = TimeSpan.FromMilliseconds(300),
        // gateways and NAT tables forget a connection that is silent for a minute; generations take longer
        ConnectCallback = TcpKeepAliveConnector.ConnectAsync,
    };
#endif
}
