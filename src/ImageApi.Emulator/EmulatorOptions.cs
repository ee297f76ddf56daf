using System.Net;

namespace ImageApi.Emulator;

/// <summary>How an <see cref="ImageApiEmulator"/> behaves. Durations, counts and lifetimes may be changed while it runs.</summary>
public sealed class EmulatorOptions
{
    /// <summary>Where the emulator listens.</summary>
    /// <value>The default is the loopback address: nobody else can reach it.</value>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The port it listens on.</summary>
    /// <value>Between 0 and 65535; 0, the default, takes any free port.</value>
    public int Port
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65535);
            field = value;
        }
    }

    /// <summary>The key callers must send.</summary>
    /// <value>The default is null: a random one that begins with <c>emulator-key-</c>.</value>
    public string? ApiKey { get; set; }

    /// <summary>The address links begin with, for an emulator that callers reach through something else.</summary>
    /// <value>The default is null: links begin with the host the caller asked.</value>
    public Uri? PublicBaseAddress { get; set; }

    /// <summary>How long a job takes from its submission to its end.</summary>
    /// <value>Zero or more. The default is 1.5 seconds.</value>
    public TimeSpan JobDuration { get; set => field = RequireNonNegative(value); } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a job says <c>queued</c> before it says <c>processing</c>.</summary>
    /// <value>Zero or more. The default is null: a fifth of <see cref="JobDuration"/>.</value>
    public TimeSpan? JobQueueDuration { get; set => field = value is { } duration ? RequireNonNegative(duration) : null; }

    /// <summary>The state query that may tell the end of a job at the earliest.</summary>
    /// <value>Zero or more. The default is 2: the first query never finds the job done.</value>
    public int JobPolls
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 2;

    /// <summary>How long a synchronous generation takes beside the drawing.</summary>
    /// <value>Zero or more. The default is zero.</value>
    public TimeSpan GenerationDelay { get; set => field = RequireNonNegative(value); }

    /// <summary>How long a job is remembered after its submission; then its state query answers 404.</summary>
    /// <value>The default is null: as long as the emulator runs.</value>
    public TimeSpan? JobRetention { get; set; }

    /// <summary>How long a link works after it was given out; then it answers 410. A new state query gives a new link.</summary>
    /// <value>The default is null: as long as the emulator runs, and the links carry no query.</value>
    public TimeSpan? MediaUrlLifetime { get; set; }

    /// <summary>The largest body of a request; a larger one is answered with 413. Read at the start.</summary>
    /// <value>In bytes. The default is 128 MiB.</value>
    public long MaxBodyBytes { get; set => field = RequirePositive(value); } = 128L * 1024 * 1024;

    /// <summary>How much uploaded content is kept; beyond it the oldest uploads are forgotten. Large files lie in the temporary folder.</summary>
    /// <value>In bytes. The default is 1 GiB.</value>
    public long MaxStoredUploadBytes { get; set => field = RequirePositive(value); } = 1024L * 1024 * 1024;

    /// <summary>Whether a paid request that repeats an <c>Idempotency-Key</c> gets the first answer again instead of being charged.</summary>
    /// <value>The default is false, since the contract documents no such header.</value>
    public bool HonorIdempotencyKeys { get; set; }

    /// <summary>Whether <see cref="EmulatorLedger.Requests"/> keeps every request. Counts are kept in any case.</summary>
    /// <value>The default is true; a load run turns it off.</value>
    public bool RecordRequests { get; set; } = true;

    /// <summary>Whether every picture is a few pixels large, whatever was asked: for load runs, where drawing would be all that is measured.</summary>
    /// <value>The default is false.</value>
    public bool DrawTinyImages { get; set; }

    /// <summary>A font file for the captions, tried before the fonts of the system. Read at the start.</summary>
    /// <value>The default is null.</value>
    public string? FontPath { get; set; }

    /// <summary>The clock that jobs, delays and links go by.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    private static TimeSpan RequireNonNegative(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        return value;
    }

    private static long RequirePositive(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
