using System.Globalization;
using System.Text;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Faults;

/// <summary>Answers a valid request, unless a fault is set for it.</summary>
internal sealed class FaultGate(EmulatorFaults faults, EmulatorOptions options, CancellationToken stopping)
{
    /// <summary>Marks the address a redirect of our own leads to, so that it does not lead on for ever.</summary>
    public const string RedirectedQuery = "redirected";

    public async Task RunAsync(HttpContext http, FaultContext about, Func<EmulatorFault?, Task> answer)
    {
        if (faults.Choose(about) is not { } fault)
        {
            await answer(null);
            return;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        if (!fault.Charged)
        {
            await WaitAsync(fault.Wait, leaving.Token);
        }

        var kept = fault.Charged || fault.Kind is EmulatorFaultKind.Truncate or EmulatorFaultKind.StallMidway
            ? await CaptureAsync(http, () => answer(fault))
            : [];
        if (fault.Charged)
        {
            await WaitAsync(fault.Wait, leaving.Token);
        }

        switch (fault.Kind)
        {
            case EmulatorFaultKind.Status:
                await SendStatusAsync(http, fault);
                break;
            case EmulatorFaultKind.Abort:
                RequestLog.HangUp(http);
                break;
            case EmulatorFaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, leaving.Token);
                break;
            case EmulatorFaultKind.Truncate or EmulatorFaultKind.StallMidway:
                await SendPartAsync(http, fault, kept, leaving.Token);
                break;
            case EmulatorFaultKind.Redirect:
                http.Response.StatusCode = fault.StatusCode;
                http.Response.Headers.Location = fault.Location?.OriginalString
                    ?? $"{http.Request.Path}{http.Request.QueryString.Add(RedirectedQuery, "1")}";
                break;
            default:
                await (fault.Charged ? http.Response.Body.WriteAsync(kept, leaving.Token).AsTask() : answer(fault));
                break;
        }
    }

    private Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
        => wait > TimeSpan.Zero ? Task.Delay(wait, options.TimeProvider, cancellationToken) : Task.CompletedTask;

    private static async Task<byte[]> CaptureAsync(HttpContext http, Func<Task> answer)
    {
        var wire = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var kept = new MemoryStream();
        var held = new StreamResponseBodyFeature(kept);
        http.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await answer();
            await held.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(wire);
        }

        return kept.ToArray();
    }

    private static async Task SendStatusAsync(HttpContext http, EmulatorFault fault)
    {
        // A charged request was answered already, into the void: its headers must not go out with another body.
        var requestId = http.Response.Headers[ApiAnswer.RequestIdHeader];
        http.Response.Clear();
        http.Response.Headers[ApiAnswer.RequestIdHeader] = requestId;
        http.Response.StatusCode = fault.StatusCode;
        foreach (var (name, value) in fault.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (fault.Body is null)
        {
            await ApiAnswer.WriteErrorAsync(http, ApiException.ForStatus(fault.StatusCode, fault.Code, fault.Message));
            return;
        }

        http.Response.ContentType ??= "application/json";
        await http.Response.WriteAsync(fault.Body, Encoding.UTF8);
    }

    private async Task SendPartAsync(HttpContext http, EmulatorFault fault, byte[] kept, CancellationToken cancellationToken)
    {
        var part = (int)(kept.Length * Math.Clamp(fault.Fraction, 0, 1));
        http.Response.Headers[HeaderNames.ContentLength] = kept.Length.ToString(CultureInfo.InvariantCulture);
        await http.Response.Body.WriteAsync(kept.AsMemory(0, part), cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
        if (fault.Kind == EmulatorFaultKind.StallMidway)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, cancellationToken);
        }

        // Nothing more: the server closes a connection whose answer ended early. A reset might overtake the part that was sent.
    }
}
