using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Generates by the synchronous endpoint, or by jobs.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal sealed class ImageApiImageGenerator : IImageGenerator
{
    private readonly ImageApiClient _client;
    private readonly string? _defaultModel;
    private readonly bool _useJobs;
    private readonly CallOptions? _call;
    private readonly JobWaitOptions? _jobWait;

    public ImageApiImageGenerator(ImageApiClient client, string? defaultModel, ImageApiGeneratorOptions options)
    {
        if (options.Call?.IdempotencyKey is not null || options.JobWait?.Submission?.IdempotencyKey is not null)
        {
            throw new ArgumentException(
                "A generator must not have an idempotency key: it would make all its requests one and the same. Set it in the ImageApiImageGenerationOptions of a request.", nameof(options));
        }

        ThrowIfOtherWay(options.UseJobs, options.Call, options.JobWait, nameof(options));
        _client = client;
        _defaultModel = defaultModel;
        _useJobs = options.UseJobs;
        _call = options.Call;
        _jobWait = options.JobWait;
    }

    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        var own = options as ImageApiImageGenerationOptions;
        ThrowIfOtherWay(_useJobs, own?.Call, own?.JobWait, nameof(options));
        var asked = AskedImage.Read(request, options);
        var model = options?.ModelId ?? _defaultModel;
        var raw = options?.RawRepresentationFactory?.Invoke(this);
        var preferLinks = options?.ResponseFormat == ImageGenerationResponseFormat.Uri;
        if (_useJobs)
        {
            var job = await _client.Jobs.RunAsync(JobRequests.From(asked, model, raw), JobWaits.Join(own?.JobWait, _jobWait), cancellationToken).ConfigureAwait(false);
            return Responses.From(job, preferLinks);
        }

        var result = await _client.Images.GenerateAsync(ImageRequests.From(asked, model, raw), own?.Call ?? _call, cancellationToken).ConfigureAwait(false);
        return Responses.From(result, preferLinks);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        return serviceKey is not null ? null
            : serviceType == typeof(ImageGeneratorMetadata) ? new ImageGeneratorMetadata(Provider.Name, _client.BaseAddress, _defaultModel ?? Provider.DefaultModel) // the address may change
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>The client is its owner's.</summary>
    public void Dispose()
    {
    }

    private static void ThrowIfOtherWay(bool useJobs, CallOptions? call, JobWaitOptions? jobWait, string paramName)
    {
        if (useJobs && call is not null)
        {
            throw new ArgumentException("The generator runs over jobs: time limit, idempotency key and headers go into JobWait.Submission, not into Call.", paramName);
        }

        if (!useJobs && jobWait is not null)
        {
            throw new ArgumentException("The generator does not run over jobs: JobWait has no meaning without ImageApiGeneratorOptions.UseJobs.", paramName);
        }
    }
}
