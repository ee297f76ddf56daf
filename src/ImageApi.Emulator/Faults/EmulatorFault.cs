using System.Globalization;

namespace ImageApi.Emulator;

/// <summary>One thing that goes wrong with one request. Made by the static methods; details can be changed by <c>with</c>.</summary>
public sealed record EmulatorFault
{
    /// <summary>What goes wrong.</summary>
    public EmulatorFaultKind Kind { get; init; }

    /// <summary>Whether the request is accepted, and charged where it costs money, before things go wrong.</summary>
    public bool Charged { get; init; }

    /// <summary>How long the request waits first: before it is accepted or, with <see cref="Charged"/>, after it.</summary>
    public TimeSpan ResponseDelay { get; init; }

    /// <summary>The status code of the response, for <see cref="EmulatorFaultKind.Status"/> and
    /// <see cref="EmulatorFaultKind.Redirect"/>.</summary>
    public int StatusCode { get; init; }

    /// <summary>The error code, for a status fault or a failed job.</summary>
    public string? Code { get; init; }

    /// <summary>The error message, for a status fault or a failed job.</summary>
    public string? Message { get; init; }

    /// <summary>The response body as it is sent.</summary>
    /// <value>The default is null: an OpenAI-shaped error as JSON.</value>
    public string? Body { get; init; }

    /// <summary>Headers of the response, such as <c>Retry-After</c>; <c>Content-Type</c> applies to <see cref="Body"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Where a redirect leads.</summary>
    /// <value>The default is null: to the same media under another address, which is then served without a fault.</value>
    public Uri? Location { get; init; }

    /// <summary>How much of the response is sent before it is truncated or stalls.</summary>
    /// <value>Between 0 and 1. The default is a half.</value>
    public double Fraction { get; init; } = 0.5;

    /// <summary>Returns an error status code without charging the request.</summary>
    public static EmulatorFault Status(int statusCode, string? code = null, string? message = null, TimeSpan? retryAfter = null) => new()
    {
        Kind = EmulatorFaultKind.Status,
        StatusCode = statusCode,
        Code = code,
        Message = message,
        Headers = retryAfter is { } delay
            ? new Dictionary<string, string> { ["Retry-After"] = ((long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture) }
            : new Dictionary<string, string>(),
    };

    /// <summary>Accepts and charges the request, and returns an error status code.</summary>
    public static EmulatorFault ChargeThenStatus(int statusCode, string? code = null, string? message = null)
        => Status(statusCode, code, message) with { Charged = true };

    /// <summary>Resets the connection before anything is accepted.</summary>
    public static EmulatorFault Abort() => new() { Kind = EmulatorFaultKind.Abort };

    /// <summary>Accepts and charges the request, and resets the connection without a response.</summary>
    public static EmulatorFault ChargeThenAbort() => new() { Kind = EmulatorFaultKind.Abort, Charged = true };

    /// <summary>Accepts and charges the request, and truncates the response before its Content-Length.</summary>
    public static EmulatorFault ChargeThenTruncate(double fraction = 0.5) => new() { Kind = EmulatorFaultKind.Truncate, Charged = true, Fraction = fraction };

    /// <summary>Delays the request before it is accepted and processed as usual.</summary>
    public static EmulatorFault Delay(TimeSpan delay) => new() { ResponseDelay = delay };

    /// <summary>Accepts and charges the request at once, and delays the response.</summary>
    public static EmulatorFault ChargeThenDelay(TimeSpan delay) => new() { ResponseDelay = delay, Charged = true };

    /// <summary>Neither accepts the request nor sends a response until the client disconnects.</summary>
    public static EmulatorFault Stall() => new() { Kind = EmulatorFaultKind.Stall };

    /// <summary>Accepts and charges the request, and sends no response until the client disconnects.</summary>
    public static EmulatorFault ChargeThenStall() => new() { Kind = EmulatorFaultKind.Stall, Charged = true };

    /// <summary>Accepts and charges the request, sends a part of the response, and stalls until the client disconnects.</summary>
    public static EmulatorFault ChargeThenStallMidBody(double fraction = 0.5) => new() { Kind = EmulatorFaultKind.StallMidBody, Charged = true, Fraction = fraction };

    /// <summary>Makes the job end as failed; set at its submission or at a state query.</summary>
    public static EmulatorFault JobFails(string code = "generation_failed", string message = "The generation failed.")
        => new() { Kind = EmulatorFaultKind.JobFails, Code = code, Message = message };

    /// <summary>Makes the job say processing for ever; set at its submission or at a state query.</summary>
    public static EmulatorFault JobNeverCompletes() => new() { Kind = EmulatorFaultKind.JobNeverCompletes };

    /// <summary>Makes the job unknown from then on; set at its submission or at a state query.</summary>
    public static EmulatorFault JobDisappears() => new() { Kind = EmulatorFaultKind.JobDisappears };

    /// <summary>Makes the status query return the id of another job. The fault affects one response when it is set for the
    /// query, and every response when it is set for the submission.</summary>
    public static EmulatorFault JobIdMismatch() => new() { Kind = EmulatorFaultKind.JobIdMismatch };

    /// <summary>Returns a redirect for a download.</summary>
    public static EmulatorFault RedirectMedia(Uri? location = null, int statusCode = 302)
        => new() { Kind = EmulatorFaultKind.Redirect, Location = location, StatusCode = statusCode };

    /// <summary>Cuts a download short of the length it promises.</summary>
    public static EmulatorFault TruncateMedia(double fraction = 0.5) => new() { Kind = EmulatorFaultKind.Truncate, Fraction = fraction };
}
