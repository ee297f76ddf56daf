using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Http;

/// <summary>Processes a valid request, unless a fault is injected.</summary>
internal sealed class FaultInjectionMiddleware(EmulatorFaults faults, EmulatorOptions options, CancellationToken stopping)
{
    /// <summary>Marks the address a redirect of our own leads to, so that it does not lead on for ever.</summary>
    public const string RedirectedQuery = "redirected";

    public async Task RunAsync(HttpContext http, FaultContext context, Func<EmulatorFault?, Task> respond)
    {
        if (faults.Select(context) is not { } failure)
        {
            await respond(null);
            return;
        }

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        if (!failure.Charged)
        {
            await DelayAsync(failure.ResponseDelay, cancellation.Token);
        }

        var responseBody = failure.Charged || failure.Kind is EmulatorFaultKind.Truncate or EmulatorFaultKind.StallMidBody
            ? await CaptureAsync(http, () => respond(failure))
            : [];
        if (failure.Charged)
        {
            await DelayAsync(failure.ResponseDelay, cancellation.Token);
        }

        switch (failure.Kind)
        {
            case EmulatorFaultKind.Status:
                await SendStatusAsync(http, failure);
                break;
            case EmulatorFaultKind.Abort:
                RequestMiddleware.AbortConnection(http);
                break;
            case EmulatorFaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, cancellation.Token);
                break;
            case EmulatorFaultKind.Truncate or EmulatorFaultKind.StallMidBody:
                await SendTruncatedAsync(http, failure, responseBody, cancellation.Token);
                break;
            case EmulatorFaultKind.Redirect:
                http.Response.StatusCode = failure.StatusCode;
                http.Response.Headers.Location = failure.Location?.OriginalString
                    ?? $"{http.Request.Path}{http.Request.QueryString.Add(RedirectedQuery, "1")}";
                break;
            default:
                await (failure.Charged ? http.Response.Body.WriteAsync(responseBody, cancellation.Token).AsTask() : respond(failure));
                break;
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
        => delay > TimeSpan.Zero ? Task.Delay(delay, options.TimeProvider, cancellationToken) : Task.CompletedTask;

    private static async Task<byte[]> CaptureAsync(HttpContext http, Func<Task> respond)
    {
        var originalFeature = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var buffer = new MemoryStream();
        var bufferedFeature = new StreamResponseBodyFeature(buffer);
        http.Features.Set<IHttpResponseBodyFeature>(bufferedFeature);
        try
        {
            await respond();
            await bufferedFeature.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(originalFeature);
        }

        return buffer.ToArray();
    }

    private static async Task SendStatusAsync(HttpContext http, EmulatorFault failure)
    {
        // A charged request was answered already, into the void: its headers must not go out with another body.
        var requestId = http.Response.Headers[ApiResponseWriter.RequestIdHeader];
        http.Response.Clear();
        http.Response.Headers[ApiResponseWriter.RequestIdHeader] = requestId;
        http.Response.StatusCode = failure.StatusCode;
        foreach (var (name, value) in failure.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (failure.Body is null)
        {
            await ApiResponseWriter.WriteErrorAsync(http, ApiException.ForStatus(failure.StatusCode, failure.Code, failure.Message));
            return;
        }

        http.Response.ContentType ??= "application/json";
        await http.Response.WriteAsync(failure.Body, Encoding.UTF8);
    }

    private async Task SendTruncatedAsync(HttpContext http, EmulatorFault failure, byte[] responseBody, CancellationToken cancellationToken)
    {
        var sentLength = (int)(responseBody.Length * Math.Clamp(failure.Fraction, 0, 1));
        http.Response.Headers[HeaderNames.ContentLength] = responseBody.Length.ToString(CultureInfo.InvariantCulture);
        await http.Response.Body.WriteAsync(responseBody.AsMemory(0, sentLength), cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
        if (failure.Kind == EmulatorFaultKind.StallMidBody)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, cancellationToken);
        }

        // Nothing more: the server closes a connection whose answer ended early. A reset might overtake the part that was sent.
    }
}
