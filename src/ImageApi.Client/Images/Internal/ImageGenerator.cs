using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Media.References;

namespace ImageApi.Client.Images.Internal;

/// <summary>Sends a generation and reads its response, with the images written to a destination.</summary>
internal sealed class ImageGenerator(ApiTransport transport, TimeSpan timeout, ReferenceImageUploader? uploads)
{
    public static readonly ApiOperation Generate = new("images.generate", OperationKind.Paid, "Timeouts.Generation, or RequestOptions.Timeout");

    public static readonly ApiOperation Download =
        new("images.generate.download", OperationKind.Download, "Timeouts.Download, or SaveOptions.Timeout");

    private const string Path = "v1/images/generations";

    /// <summary>Returns what an exception after a successful response reports about the generation.</summary>
    public static RequestInfo InfoFor(ImageResult result, string? idempotencyKey) =>
        new() { Operation = Generate.Name, Outcome = RequestOutcome.Accepted, RequestId = result.RequestId, IdempotencyKey = idempotencyKey };

    /// <summary>Creates the idempotency key of a call that may fail after its response was read, so that the exception can contain it.</summary>
    public string? IdempotencyKeyFor(RequestOptions? options) => options?.IdempotencyKey ?? transport.NewIdempotencyKey();

#if !NETSTANDARD2_0 // it has no pool for the states of asynchronous methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<ParsedImages> SendAsync(
        ImageRequest request,
        IMediaStore store,
        RequestOptions? options,
        string? idempotencyKey,
        CancellationToken cancellationToken,
        Func<bool>? isResponseCommitted = null)
    {
        using var scope = Begin(request, transport.Settings.Telemetry);
        try
        {
            var (prepared, remaining) = await RequestPreparation.RunAsync(
                Generate,
                new RequestDraft<ImageRequest>(request, uploads),
                static (draft, token) => ImageRequestWriter.WriteAsync(draft.Request, draft.Uploads, token),
                options?.Timeout,
                transport.Time,
                cancellationToken).ConfigureAwait(false);
            using var body = prepared;
            var parsed = await transport.SendAsync(
                new ApiRequest
                {
                    Operation = Generate,
                    Observer = scope,
                    Method = HttpMethod.Post,
                    Path = Path,
                    Body = body,
                    Timeout = remaining ?? timeout,
                    ConfiguredTimeout = options?.Timeout,
                    IdempotencyKey = idempotencyKey,
                    Headers = options?.Headers,
                    IsResponseCommitted = isResponseCommitted,
                },
                store,
                static (store, response, token) =>
                {
                    store.Response = response;
                    return ExtractedJson.ReadAsync(
                        response, store, static (json, response) => ImageResultParser.Parse(json, response.RequestId, response.Settings.BaseAddress), token);
                },
                cancellationToken).ConfigureAwait(false);
            scope?.Succeed(parsed.Result.Usage?.InputTokens, parsed.Result.Usage?.OutputTokens);
            return parsed;
        }
        catch (Exception e)
        {
            AttachPartialResults(e, store);
            scope?.Fail(e);
            throw;
        }
    }

    private static void AttachPartialResults(Exception error, IMediaStore store)
    {
        if (((store as MemoryStore)?.Whole ?? (store as StreamStore)?.Whole) is { Count: > 0 } received)
        {
            RequestInfo.Attach(error, (RequestInfo.FromException(error) ?? new()) with { ReceivedMedia = received });
        }

        if (RequestInfo.FromException(error) is { Outcome: RequestOutcome.Unknown or RequestOutcome.Accepted } info
            && store.Response?.RecoveredUrls is { Count: > 0 } urls)
        {
            RequestInfo.Attach(error, info with { PendingUrls = urls });
        }
    }

    private static OperationScope? Begin(ImageRequest request, ClientTelemetry telemetry) =>
        telemetry.Begin(new OperationDescriptor(Generate.Name, TelemetryNames.GenerateContent)
        {
            Model = request.Model,
            OutputType = TelemetryNames.Image,
            Count = request.Count,
            Prompt = telemetry.IncludesPrompts ? request.Prompt : null,
        });
}
