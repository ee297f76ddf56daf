using ImageApi.Emulator.Endpoints;
using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Parsing;
using ImageApi.Emulator.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Internal;

/// <summary>The parts of one emulator, put together, and the routes to them.</summary>
internal sealed class EmulatorServer : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly UploadStore _uploads;
    private readonly MediaRenderer _renderer;
    private readonly RequestMiddleware _requestMiddleware;
    private readonly BearerAuthentication _authentication;
    private readonly GenerationEndpoint _generationEndpoint;
    private readonly JobEndpoints _jobEndpoints;
    private readonly UploadEndpoint _uploadEndpoint;
    private readonly MediaEndpoint _mediaEndpoint;

    public EmulatorServer(EmulatorOptions options, string apiKey)
    {
        var faultInjection = new FaultInjectionMiddleware(Faults, options, _stopping.Token);
        var generations = new GenerationStore(options);
        var billing = new BillingService(Ledger, options);
        _uploads = new UploadStore(options);
        _renderer = new MediaRenderer(options);
        var mediaRepository = new MediaRepository(generations, _uploads, _renderer, options);
        var reader = new GenerationRequestReader(new ReferenceImageReader(mediaRepository), options);
        _requestMiddleware = new RequestMiddleware(Ledger, options);
        _authentication = new BearerAuthentication(apiKey);
        _generationEndpoint = new GenerationEndpoint(reader, generations, billing, mediaRepository, faultInjection, options);
        _jobEndpoints = new JobEndpoints(reader, generations, billing, mediaRepository, faultInjection, Ledger, options);
        _uploadEndpoint = new UploadEndpoint(_uploads, mediaRepository, faultInjection, Ledger, options);
        _mediaEndpoint = new MediaEndpoint(mediaRepository, faultInjection);
    }

    public EmulatorLedger Ledger { get; } = new();

    public EmulatorFaults Faults { get; } = new();

    public void MapEndpoints(WebApplication app)
    {
        app.UseRouting();
        app.Use(next => http => _requestMiddleware.RunAsync(http, next));
        MapAuthenticated(app, HttpMethods.Post, "/v1/images/generations", EmulatorEndpoint.Generation, _generationEndpoint.GenerateAsync);
        MapAuthenticated(app, HttpMethods.Post, "/v1/jobs", EmulatorEndpoint.JobSubmission, _jobEndpoints.SubmitJobAsync);
        MapAuthenticated(app, HttpMethods.Get, "/v1/jobs/{id}", EmulatorEndpoint.JobPoll, _jobEndpoints.GetJobAsync);
        MapAuthenticated(app, HttpMethods.Post, "/v1/files/upload", EmulatorEndpoint.Upload, _uploadEndpoint.UploadAsync);
        app.MapMethods(MediaRepository.PathPrefix + "{name}", [HttpMethods.Get, HttpMethods.Head], _mediaEndpoint.ServeAsync)
            .WithMetadata(new EndpointMetadata(EmulatorEndpoint.MediaDownload));
    }

    /// <summary>Lets go of the requests that would wait for ever.</summary>
    public void CancelPendingRequests() => _stopping.Cancel();

    public void Dispose()
    {
        _uploads.Dispose();
        _renderer.Dispose();
        _stopping.Dispose();
    }

    private void MapAuthenticated(WebApplication app, string method, string path, EmulatorEndpoint endpoint, RequestDelegate handler)
        => app.MapMethods(path, [method], _authentication.Protect(handler)).WithMetadata(new EndpointMetadata(endpoint));
}
