using System.Collections.Concurrent;

namespace ImageApi.Client.Soak;

/// <summary>This library, used as anybody would.</summary>
internal sealed class LibraryClient : ISoakClient
{
    private readonly ImageApiClient _client;
    private readonly string _directory;

    public LibraryClient(ServerProcess server, string directory)
    {
        _directory = directory;
        _client = new ImageApiClient(new ImageApiClientOptions
        {
            BaseAddress = server.Address,
            ApiKey = server.ApiKey,
            Retry = { BaseDelay = TimeSpan.FromMilliseconds(2), MaxDelay = TimeSpan.FromMilliseconds(20) },
            Timeouts = { Idle = TimeSpan.FromSeconds(2), Download = TimeSpan.FromSeconds(20) },
        });
    }

    /// <summary>Gets the links of some successes with the files they were saved to, to compare.</summary>
    public ConcurrentDictionary<string, string> SavedFiles { get; } = new();

    /// <summary>Gets the errors that should not have come.</summary>
    public ConcurrentQueue<Exception> UnexpectedErrors { get; } = new();

    public async Task<CallOutcome> CallAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        GeneratedMedia image;
        try
        {
            image = number % 2 == 0
                ? await GenerateAsync(number, prompt, cancellationToken)
                : await RunJobAsync(prompt, cancellationToken);
        }
        catch (ImageApiException e)
        {
            return Classify(e);
        }
        catch (OperationCanceledException)
        {
            return CallOutcome.TimedOut;
        }

        try
        {
            var saved = await _client.Media.SaveAsync(image, Path.Combine(_directory, $"{prompt}.png"), cancellationToken: cancellationToken);
            if (image.Url is { } url && number % 100 == 2)
            {
                SavedFiles[url] = saved.Path;
            }

            return CallOutcome.Succeeded;
        }
        catch (ImageApiException e) when (e.Outcome == RequestOutcome.Accepted)
        {
            return CallOutcome.DownloadFailed;
        }
        catch (OperationCanceledException)
        {
            return CallOutcome.TimedOut;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<GeneratedMedia> GenerateAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        var format = number % 4 == 0 ? ImageResponseFormat.Base64 : ImageResponseFormat.Url;
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = prompt, ResponseFormat = format }, cancellationToken: cancellationToken);
        return result.Images[0];
    }

    private async Task<GeneratedMedia> RunJobAsync(string prompt, CancellationToken cancellationToken)
    {
        var waitOptions = new JobWaitOptions
        {
            Timeout = TimeSpan.FromSeconds(4),
            FirstInterval = TimeSpan.FromMilliseconds(10),
            MaxInterval = TimeSpan.FromMilliseconds(100),
        };
        var job = await _client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = prompt } }, new JobRunOptions { Wait = waitOptions }, cancellationToken);
        return job.Output.Images[0];
    }

    private CallOutcome Classify(ImageApiException error)
    {
        switch (error.Outcome)
        {
            case RequestOutcome.Unknown:
                return CallOutcome.Ambiguous;
            case RequestOutcome.NotSent or RequestOutcome.Rejected:
                return CallOutcome.Rejected;
            case RequestOutcome.Accepted when error.JobId is not null:
                return CallOutcome.JobFailed;
            default:
                UnexpectedErrors.Enqueue(error);
                return CallOutcome.JobIdMissing;
        }
    }
}
