namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What an application does with the API, against a running emulator.</summary>
internal sealed class Journeys(ImageApiClient client, string directory)
{
    private static readonly byte[] PngStart = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] PngEnd = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    public async Task RunAsync(Check check, string how)
    {
        await check.HoldsAsync($"{how}: a picture by link, saved", ByLinkAsync);
        await check.HoldsAsync($"{how}: two pictures in base64, straight into files", ToFilesAsync);
        await check.HoldsAsync($"{how}: a job that is run and saved", ByJobAsync);
        await check.HoldsAsync($"{how}: an upload as reference image", WithUploadAsync);
        await check.HoldsAsync($"{how}: reference images from file, bytes and streams", WithReferencesAsync);
        await check.HoldsAsync($"{how}: a large reference image", WithLargeReferenceAsync);
        await check.HoldsAsync($"{how}: a refusal is told as such", RefusedAsync);
    }

    private async Task ByLinkAsync()
    {
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        Look(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "fox.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task ToFilesAsync()
    {
        var request = new ImageRequest { Prompt = "A leaf, twice", ResponseFormat = ImageResponseFormat.Base64, Count = 2 };
        var saved = await client.Images.GenerateToFilesAsync(request, Path.Combine(directory, "leaf-{index}.{ext}"), new SaveOptions { Overwrite = true });
        Check.Equal(2, saved.Count, "the number of files");
        foreach (var one in saved)
        {
            Look(one);
        }
    }

    private async Task ByJobAsync()
    {
        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "The planets on their ways" } }, new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(0.2) });
        Check.Equal(JobState.Succeeded, job.State, "the job's state");
        Look(await client.Media.SaveAsync(job.Output.Images[0], Path.Combine(directory, "planets.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task WithUploadAsync()
    {
        var file = await client.Files.UploadAsync(FileUpload.FromPath(Path.Combine(directory, "fox.png")));
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "The same at night", ReferenceImages = [file.ToReference()] });
        Look(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "night.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task WithReferencesAsync()
    {
        var path = Path.Combine(directory, "fox.png");
        var bytes = File.ReadAllBytes(path);
        using var seekable = File.OpenRead(path);
        using var oneWay = new OneWayStream(bytes);
        ReferenceImage[] references =
        [
            ReferenceImage.FromFile(path), ReferenceImage.FromBytes(bytes), ReferenceImage.FromStream(seekable), ReferenceImage.FromStream(oneWay),
        ];
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "All four", ReferenceImages = references });
        Look(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "four.png"), new SaveOptions { Overwrite = true }));
    }

    /// <summary>A request of more than a MiB asks whether it is welcome.</summary>
    private async Task WithLargeReferenceAsync()
    {
        var small = File.ReadAllBytes(Path.Combine(directory, "fox.png"));
        var large = new byte[3 * 1024 * 1024];
        small.CopyTo(large, 0);
        await client.Images.GenerateAsync(new ImageRequest { Prompt = "A large one", ReferenceImages = [ReferenceImage.FromBytes(large)] });
    }

    private async Task RefusedAsync()
    {
        var error = await Check.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "No such size", Size = "huge" }));
        Check.Equal(RequestOutcome.Rejected, error.Outcome, "the outcome");
    }

    private static void Look(SavedMedia saved)
    {
        var bytes = File.ReadAllBytes(saved.Path);
        Check.Equal(saved.Bytes, bytes.LongLength, "the length of the file");
        Check.Equal(true, bytes.Take(PngStart.Length).SequenceEqual(PngStart), "the beginning of a PNG");
        Check.Equal(true, bytes.Skip(bytes.Length - PngEnd.Length).SequenceEqual(PngEnd), "the end of a PNG");
    }
}
