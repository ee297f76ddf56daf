using System.Text.Json;
using ImageApi.Client;

namespace Quickstart;

/// <summary>Everything the API can do, once, with the public API of the client alone.</summary>
internal sealed class Tour(ImageApiClient client, Report report)
{
    public async Task RunAsync(string? videoModel, string? audioModel, CancellationToken cancellationToken)
    {
        var (mountains, saved) = await FromPromptAsync(cancellationToken);
        await WithLinkAsync(mountains, cancellationToken);
        await WithFileAsync(saved.Path, cancellationToken);
        await WithUploadAsync(saved.Path, cancellationToken);
        await AsJobAsync(cancellationToken);
        if (videoModel is not null)
        {
            await OtherMediaAsync("A video, as a job with free input", videoModel, "The sea in summer, wave upon wave", cancellationToken);
        }

        if (audioModel is not null)
        {
            await OtherMediaAsync("A sound, as a job with free input", audioModel, "Waves breaking on a beach", cancellationToken);
        }
    }

    private async Task<(GeneratedMedia Picture, SavedMedia Saved)> FromPromptAsync(CancellationToken cancellationToken)
    {
        report.Step("A picture from a prompt", "POST /v1/images/generations");
        var picture = await GenerateAsync(
            new ImageRequest { Prompt = "Mountains at dawn with birds", Size = ImageSize.Landscape2K }, cancellationToken);
        return (picture, await SaveAsync(picture, "mountains", cancellationToken));
    }

    private async Task WithLinkAsync(GeneratedMedia mountains, CancellationToken cancellationToken)
    {
        report.Step("A reference image by link", "POST /v1/images/generations");

        // The contract promises a link; a server that sent the bytes instead gets them back.
        var reference = mountains.Url is { } link ? ReferenceImage.FromUrl(link) : ReferenceImage.FromBytes(mountains.Data!.Value);
        report.Line("reference", reference.ToString());
        var picture = await GenerateAsync(
            new ImageRequest
            {
                Prompt = "A harbour skyline in the same light",
                Size = ImageSize.For(AspectRatio.Portrait2X3, ImageResolution.TwoK),
                ReferenceImages = [reference],
            },
            cancellationToken);
        await SaveAsync(picture, "harbour", cancellationToken);
    }

    private async Task WithFileAsync(string path, CancellationToken cancellationToken)
    {
        report.Step("A reference image from a local file, sent as base64", "POST /v1/images/generations");
        var reference = ReferenceImage.FromFile(path);
        report.Line("reference", reference.ToString());
        var picture = await GenerateAsync(
            new ImageRequest { Prompt = "A poster of Bauhaus tiles", Size = "2048x2048", ReferenceImages = [reference] }, cancellationToken);
        await SaveAsync(picture, "tiles", cancellationToken);
    }

    private async Task WithUploadAsync(string path, CancellationToken cancellationToken)
    {
        report.Step("An upload, used as reference image", "POST /v1/files/upload, POST /v1/images/generations");
        var file = await client.Files.UploadAsync(FileUpload.FromPath(path), cancellationToken: cancellationToken);
        report.Line("link", file.Url ?? "none");
        var picture = await GenerateAsync(
            new ImageRequest { Prompt = "Silk ribbons in the same light", Size = "1376x768", ReferenceImages = [file.ToReference()] }, cancellationToken);
        await SaveAsync(picture, "silk", cancellationToken);
    }

    private async Task AsJobAsync(CancellationToken cancellationToken)
    {
        report.Step("A picture as a job", "POST /v1/jobs, GET /v1/jobs/{id}");
        var input = new ImageJobInput { Prompt = "The planets on their ways", Size = ImageSize.Landscape2K, Quality = ImageQuality.Medium };
        var job = await client.Jobs.SubmitAsync(new JobRequest { Input = input }, cancellationToken: cancellationToken);
        report.Accepted(job);

        job = await client.Jobs.GetAsync(job.Id, cancellationToken: cancellationToken);
        report.Line("asked once", job.Status.Value);

        job = await report.LiveAsync(progress =>
            client.Jobs.WaitAsync(job.Id, new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(0.5), Progress = progress }, cancellationToken));
        foreach (var picture in job.Output.Images)
        {
            await SaveAsync(picture, "planets", cancellationToken);
        }

        report.Finished(job);
    }

    /// <summary>Runs a model whose fields this library does not know: its input is passed on as it is.</summary>
    private async Task OtherMediaAsync(string title, string model, string prompt, CancellationToken cancellationToken)
    {
        report.Step(title, "POST /v1/jobs, GET /v1/jobs/{id}");
        using var input = JsonDocument.Parse($$"""{ "prompt": "{{prompt}}", "size": "1376x768" }""");
        var request = new JobRequest { Model = model, Input = JobInput.FromJson(input.RootElement) };
        var job = await report.LiveAsync(progress => client.Jobs.RunAsync(
            request,
            new JobWaitOptions
            {
                // The id is what was paid for: it is written down before the first wait.
                OnSubmitted = (accepted, _) =>
                {
                    report.Accepted(accepted);
                    return ValueTask.CompletedTask;
                },
                FirstInterval = TimeSpan.FromSeconds(0.5),
                Progress = progress,
            },
            cancellationToken));
        foreach (var media in job.Output.All)
        {
            // Saved into a directory, a medium gets a name after its link and the extension of its real type.
            report.Saved(await client.Media.SaveAsync(media, Report.Directory, cancellationToken: cancellationToken));
        }

        report.Finished(job);
    }

    private async Task<GeneratedMedia> GenerateAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        report.Line("prompt", request.Prompt);
        report.Line("size", request.Size.Value);
        var result = await report.WhileAsync("generating", () => client.Images.GenerateAsync(request, cancellationToken: cancellationToken));
        report.Line("made", result.Images[0].ToString());
        return result.Images[0];
    }

    private async Task<SavedMedia> SaveAsync(GeneratedMedia media, string name, CancellationToken cancellationToken)
    {
        var saved = await client.Media.SaveAsync(media, Report.FreePath(name), cancellationToken: cancellationToken);
        report.Saved(saved);
        return saved;
    }
}
