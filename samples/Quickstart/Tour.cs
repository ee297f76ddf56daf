using System.Text.Json;
using ImageApi.Client;

namespace Quickstart;

/// <summary>Everything the API can do, once, with the public API of the client alone.</summary>
internal sealed class Tour(ImageApiClient client, Report report)
{
    public async Task RunAsync(string? videoModel, string? audioModel, CancellationToken cancellationToken)
    {
        var (mountains, saved) = await GenerateFromPromptAsync(cancellationToken);
        await ReferenceFromUrlAsync(mountains, cancellationToken);
        await ReferenceFromFileAsync(saved.Path, cancellationToken);
        await ReferenceFromUploadAsync(saved.Path, cancellationToken);
        await RunImageJobAsync(cancellationToken);
        if (videoModel is not null)
        {
            await RunMediaJobAsync("A video, as a job with custom JSON input", videoModel, "The sea in summer, wave upon wave", cancellationToken);
        }

        if (audioModel is not null)
        {
            await RunMediaJobAsync("Audio, as a job with custom JSON input", audioModel, "Waves breaking on a beach", cancellationToken);
        }
    }

    private async Task<(GeneratedMedia Image, SavedMedia Saved)> GenerateFromPromptAsync(CancellationToken cancellationToken)
    {
        report.Step("An image from a prompt", "POST /v1/images/generations");
        var image = await GenerateAsync(
            new ImageRequest { Prompt = "Mountains at dawn with birds", Size = ImageSize.Landscape2K }, cancellationToken);
        return (image, await SaveAsync(image, "mountains", cancellationToken));
    }

    private async Task ReferenceFromUrlAsync(GeneratedMedia mountains, CancellationToken cancellationToken)
    {
        report.Step("A reference image by URL", "POST /v1/images/generations");

        // The contract promises a link; a server that sent the bytes instead gets them back.
        var reference = mountains.Url is { } url ? ReferenceImage.FromUrl(url) : ReferenceImage.FromBytes(mountains.Data!.Value);
        report.Line("reference", reference.ToString());
        var image = await GenerateAsync(
            new ImageRequest
            {
                Prompt = "A harbor skyline in the same light",
                Size = ImageSize.FromAspectRatio(AspectRatio.Portrait2X3, ImageResolution.TwoK),
                ReferenceImages = [reference],
            },
            cancellationToken);
        await SaveAsync(image, "harbor", cancellationToken);
    }

    private async Task ReferenceFromFileAsync(string path, CancellationToken cancellationToken)
    {
        report.Step("A reference image from a local file, sent as base64", "POST /v1/images/generations");
        var reference = ReferenceImage.FromFile(path);
        report.Line("reference", reference.ToString());
        var image = await GenerateAsync(
            new ImageRequest { Prompt = "A poster of Bauhaus tiles", Size = "2048x2048", ReferenceImages = [reference] }, cancellationToken);
        await SaveAsync(image, "tiles", cancellationToken);
    }

    private async Task ReferenceFromUploadAsync(string path, CancellationToken cancellationToken)
    {
        report.Step("An upload, used as reference image", "POST /v1/files/upload, POST /v1/images/generations");
        var file = await client.Files.UploadAsync(FileUpload.FromFile(path), cancellationToken: cancellationToken);
        report.Line("url", file.Url ?? "none");
        var image = await GenerateAsync(
            new ImageRequest { Prompt = "Silk ribbons in the same light", Size = "1376x768", ReferenceImages = [file.ToReference()] }, cancellationToken);
        await SaveAsync(image, "silk", cancellationToken);
    }

    private async Task RunImageJobAsync(CancellationToken cancellationToken)
    {
        report.Step("An image as a job", "POST /v1/jobs, GET /v1/jobs/{id}");
        var input = new ImageJobInput { Prompt = "The planets on their ways", Size = ImageSize.Landscape2K, Quality = ImageQuality.Medium };
        var job = await client.Jobs.SubmitAsync(new JobRequest { Input = input }, cancellationToken: cancellationToken);
        report.OnAccepted(job);

        job = await client.Jobs.GetAsync(job.Id, cancellationToken: cancellationToken);
        report.Line("status", job.Status.Value);

        job = await report.ShowProgressAsync(progress =>
            client.Jobs.WaitAsync(job.Id, new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(0.5), Progress = progress }, cancellationToken));
        foreach (var image in job.Output.Images)
        {
            await SaveAsync(image, "planets", cancellationToken);
        }

        report.OnCompleted(job);
    }

    /// <summary>Runs a model whose fields this library does not know: its input is passed on as it is.</summary>
    private async Task RunMediaJobAsync(string title, string model, string prompt, CancellationToken cancellationToken)
    {
        report.Step(title, "POST /v1/jobs, GET /v1/jobs/{id}");
        using var input = JsonDocument.Parse($$"""{ "prompt": "{{prompt}}", "size": "1376x768" }""");
        var request = new JobRequest { Model = model, Input = JobInput.FromJson(input.RootElement) };
        var job = await report.ShowProgressAsync(progress => client.Jobs.RunAsync(
            request,
            new JobRunOptions
            {
                // The id is what was paid for: it is written down before the first wait.
                OnSubmitted = (accepted, _) =>
                {
                    report.OnAccepted(accepted);
                    return ValueTask.CompletedTask;
                },
                Wait = new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(0.5), Progress = progress },
            },
            cancellationToken));
        foreach (var media in job.Output.All)
        {
            // Saved into a directory, a medium gets a name after its link and the extension of its real type.
            report.OnSaved(await client.Media.SaveAsync(media, Report.Directory, cancellationToken: cancellationToken));
        }

        report.OnCompleted(job);
    }

    private async Task<GeneratedMedia> GenerateAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        report.Line("prompt", request.Prompt);
        report.Line("size", request.Size.Value);
        var result = await report.WithSpinnerAsync("generating", () => client.Images.GenerateAsync(request, cancellationToken: cancellationToken));
        report.Line("generated", result.Images[0].ToString());
        return result.Images[0];
    }

    private async Task<SavedMedia> SaveAsync(GeneratedMedia media, string name, CancellationToken cancellationToken)
    {
        var saved = await client.Media.SaveAsync(media, Report.UnusedPath(name), cancellationToken: cancellationToken);
        report.OnSaved(saved);
        return saved;
    }
}
