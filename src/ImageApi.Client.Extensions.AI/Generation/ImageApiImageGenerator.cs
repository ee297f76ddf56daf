using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Generates by the synchronous endpoint, or by jobs.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal sealed class ImageApiImageGenerator : IImageGenerator
{
    private readonly ImageApiClient _client;
    private readonly string? _defaultModel;
    private readonly bool _useJobs;
    private readonly RequestOptions? _requestOptions;
    private readonly JobRunOptions? _jobRun;

    public ImageApiImageGenerator(ImageApiClient client, string? defaultModel, ImageApiGeneratorOptions options)
    {
        if (options.RequestOptions?.IdempotencyKey is not null || options.JobRun?.Submission?.IdempotencyKey is not null)
        {
            throw new ArgumentException(
                "A generator must not have an idempotency key: it would make all its requests one and the same. Set it in the ImageApiImageGenerationOptions of a request.", nameof(options));
        }

        ThrowIfOptionsMismatch(options.UseJobs, options.RequestOptions, options.JobRun, nameof(options));
        _client = client;
        _defaultModel = defaultModel;
        _useJobs = options.UseJobs;
        _requestOptions = options.RequestOptions;
        _jobRun = options.JobRun;
    }

    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        var imageApiOptions = options as ImageApiImageGenerationOptions;
        ThrowIfOptionsMismatch(_useJobs, imageApiOptions?.RequestOptions, imageApiOptions?.JobRun, nameof(options));
        var input = GenerationRequestMapper.Map(request, options);
        var model = options?.ModelId ?? _defaultModel;
        var rawRepresentation = options?.RawRepresentationFactory?.Invoke(this);
        var preferUrls = options?.ResponseFormat == ImageGenerationResponseFormat.Uri;
        if (_useJobs)
        {
            var jobRun = JobRunOptionsMerger.Merge(imageApiOptions?.JobRun, _jobRun);
            var job = await _client.Jobs.RunAsync(JobRequestMapper.Map(input, model, rawRepresentation), jobRun, cancellationToken).ConfigureAwait(false);
            return ResponseMapper.Map(job, preferUrls);
        }

        var result = await _client.Images.GenerateAsync(ImageRequestMapper.Map(input, model, rawRepresentation), imageApiOptions?.RequestOptions ?? _requestOptions, cancellationToken).ConfigureAwait(false);
        return ResponseMapper.Map(result, preferUrls);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        return serviceKey is not null ? null
            : serviceType == typeof(ImageGeneratorMetadata) ? new ImageGeneratorMetadata(ProviderMetadata.Name, _client.BaseAddress, _defaultModel ?? ProviderMetadata.DefaultModel) // the address may change
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>The client is its owner's.</summary>
    public void Dispose()
    {
    }

    private static void ThrowIfOptionsMismatch(bool useJobs, RequestOptions? requestOptions, JobRunOptions? jobRun, string paramName)
    {
        if (useJobs && requestOptions is not null)
        {
            throw new ArgumentException("The generator runs over jobs: time limit, idempotency key and headers go into JobRun.Submission, not into RequestOptions.", paramName);
        }

        if (!useJobs && jobRun is not null)
        {
            throw new ArgumentException("The generator does not run over jobs: JobRun has no meaning without ImageApiGeneratorOptions.UseJobs.", paramName);
        }
    }
}
