using ImageApi.Emulator.Faults;
using ImageApi.Emulator.Images;
using ImageApi.Emulator.Jobs;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Orders;
using ImageApi.Emulator.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Http;

/// <summary>The parts of one emulator, put together, and the routes to them.</summary>
internal sealed class ApiServer : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly UploadStore _uploads;
    private readonly MediaMaker _maker;
    private readonly RequestLog _log;
    private readonly BearerCheck _bearer;
    private readonly GenerationEndpoint _generation;
    private readonly JobEndpoints _jobs;
    private readonly UploadEndpoint _upload;
    private readonly MediaEndpoint _media;

    public ApiServer(EmulatorOptions options, string apiKey)
    {
        var gate = new FaultGate(Faults, options, _stopping.Token);
        var orders = new OrderStore(options);
        var till = new Till(Ledger, options);
        _uploads = new UploadStore(options);
        _maker = new MediaMaker(options);
        var library = new MediaLibrary(orders, _uploads, _maker, options);
        var reader = new OrderReader(new ReferenceReader(library), options);
        _log = new RequestLog(Ledger, options);
        _bearer = new BearerCheck(apiKey);
        _generation = new GenerationEndpoint(reader, orders, till, library, gate, options);
        _jobs = new JobEndpoints(reader, orders, till, library, gate, Ledger, options);
        _upload = new UploadEndpoint(_uploads, library, gate, Ledger, options);
        _media = new MediaEndpoint(library, gate);
    }

    public EmulatorLedger Ledger { get; } = new();

    public EmulatorFaults Faults { get; } = new();

    public void Map(WebApplication app)
    {
        app.UseRouting();
        app.Use(next => http => _log.RunAsync(http, next));
        MapApi(app, HttpMethods.Post, "/v1/images/generations", EmulatorEndpoint.Generation, _generation.GenerateAsync);
        MapApi(app, HttpMethods.Post, "/v1/jobs", EmulatorEndpoint.JobSubmission, _jobs.SubmitAsync);
        MapApi(app, HttpMethods.Get, "/v1/jobs/{id}", EmulatorEndpoint.JobQuery, _jobs.QueryAsync);
        MapApi(app, HttpMethods.Post, "/v1/files/upload", EmulatorEndpoint.Upload, _upload.UploadAsync);
        app.MapMethods(MediaLibrary.Folder + "{name}", [HttpMethods.Get, HttpMethods.Head], _media.ServeAsync)
            .WithMetadata(new EndpointMark(EmulatorEndpoint.MediaDownload));
    }

    /// <summary>Lets go of the requests that would wait for ever.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        _uploads.Dispose();
        _maker.Dispose();
        _stopping.Dispose();
    }

    private void MapApi(WebApplication app, string method, string path, EmulatorEndpoint endpoint, RequestDelegate answer)
        => app.MapMethods(path, [method], _bearer.Before(answer)).WithMetadata(new EndpointMark(endpoint));
}
