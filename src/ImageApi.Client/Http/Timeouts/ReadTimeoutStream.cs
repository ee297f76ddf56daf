using ImageApi.Client.Buffers;
using ImageApi.Client.Diagnostics.Internal;

namespace ImageApi.Client.Http.Timeouts;

/// <summary>
/// Reads an answer's body; a read that waits too long fails. <c>HttpClient.Timeout</c> does not cover a body that is streamed.
/// So does a body that ends before its time: on .NET Framework one that was cut looks like one that ended.
/// </summary>
internal sealed class ReadTimeoutStream(Stream inner, long? contentLength, TimeSpan limit, TimeProvider time, ClientTelemetry telemetry) : ReadOnlyStreamBase
{
    private long _received;
    private ResettableTimeout? _readTimeout;
    private CancellationToken _token;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var readTimeout = GetTimeout(cancellationToken);
#if NETSTANDARD2_0 // .NET Framework looks at the token only before it reads: closing is what ends a read there
        using var _ = readTimeout.Token.Register(static stream => Close((Stream)stream!), inner);
#endif
        try
        {
            var reading = inner.ReadAsync(buffer, readTimeout.Token);
            if (!reading.IsCompleted)
            {
                readTimeout.Restart(); // what has arrived already is not waited for
            }

            var count = await reading.ConfigureAwait(false);
            telemetry.Received(count);
            _received += count;
            return count > 0 || buffer.IsEmpty || !(_received < contentLength)
                ? count
                : throw new EndOfStreamException($"The answer ended after {_received} of {contentLength} bytes.");
        }
        catch (Exception e) when (readTimeout.IsExpired && !cancellationToken.IsCancellationRequested && IsAbortedRead(e))
        {
            throw new ReadTimeoutException(limit);
        }
#if NETSTANDARD2_0
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException && IsAbortedRead(e))
        {
            throw new OperationCanceledException("The reading was cancelled.", e, cancellationToken);
        }
#endif
        finally
        {
            readTimeout.Pause();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _readTimeout?.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Says whether an exception is what becomes of a read that was given up.</summary>
    private static bool IsAbortedRead(Exception exception) => exception is OperationCanceledException or IOException
#if NETSTANDARD2_0
        or ObjectDisposedException or System.Net.WebException
#endif
        ;

#if NETSTANDARD2_0
    /// <summary>Runs where nobody could catch anything: in the callback of a timer.</summary>
    private static void Close(Stream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception e) when (IsAbortedRead(e) || e is InvalidOperationException or NotSupportedException)
        {
            // it is given up anyway
        }
    }
#endif

    private ResettableTimeout GetTimeout(CancellationToken cancellationToken)
    {
        if (_readTimeout is null || _token != cancellationToken)
        {
            _readTimeout?.Dispose();
            _readTimeout = new ResettableTimeout(limit, time, cancellationToken);
            _token = cancellationToken;
        }

        return _readTimeout;
    }
}
