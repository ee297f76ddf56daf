using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Diagnostics;

namespace ImageApi.Client.Http;

/// <summary>
/// Reads an answer's body; a read that waits too long fails. <c>HttpClient.Timeout</c> does not cover a body that is streamed.
/// So does a body that ends before its time: on .NET Framework one that was cut looks like one that ended.
/// </summary>
internal sealed class IdleLimitedStream(Stream inner, long? announced, TimeSpan limit, TimeProvider time, ClientTelemetry telemetry) : Stream
{
    private long _received;
    private Countdown? _watch;
    private CancellationToken _watched;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // netstandard2.0 streams have no overload with Memory to override: there it is the one that this library itself calls.
#if NETSTANDARD2_0
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#else
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#endif
    {
        cancellationToken.ThrowIfCancellationRequested();
        var watch = Watch(cancellationToken);
#if NETSTANDARD2_0 // .NET Framework looks at the token only before it reads: closing is what ends a read there
        using var _ = watch.Token.Register(static stream => Close((Stream)stream!), inner);
#endif
        try
        {
            var reading = inner.ReadAsync(buffer, watch.Token);
            if (!reading.IsCompleted)
            {
                watch.Restart(); // what has arrived already is not waited for
            }

            var count = await reading.ConfigureAwait(false);
            telemetry.Received(count);
            _received += count;
            return count > 0 || buffer.IsEmpty || !(_received < announced)
                ? count
                : throw new EndOfStreamException($"The answer ended after {_received} of {announced} bytes.");
        }
        catch (Exception e) when (watch.Expired && !cancellationToken.IsCancellationRequested && IsEndOfRead(e))
        {
            throw new StalledException(limit);
        }
#if NETSTANDARD2_0
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException && IsEndOfRead(e))
        {
            throw new OperationCanceledException("The reading was cancelled.", e, cancellationToken);
        }
#endif
        finally
        {
            watch.Pause();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    [SuppressMessage("Usage", "VSTHRD002", Justification = "Only an asynchronous read is under the limit for silence; nothing in it needs the caller's thread.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch?.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Says whether an exception is what becomes of a read that was given up.</summary>
    private static bool IsEndOfRead(Exception exception) => exception is OperationCanceledException or IOException
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
        catch (Exception e) when (IsEndOfRead(e) || e is InvalidOperationException or NotSupportedException)
        {
            // it is given up anyway
        }
    }
#endif

    private Countdown Watch(CancellationToken cancellationToken)
    {
        if (_watch is null || _watched != cancellationToken)
        {
            _watch?.Dispose();
            _watch = new Countdown(limit, time, cancellationToken);
            _watched = cancellationToken;
        }

        return _watch;
    }
}
