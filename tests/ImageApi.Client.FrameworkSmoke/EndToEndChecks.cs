namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What an application does with the API, against a running emulator.</summary>
internal sealed class EndToEndChecks(ImageApiClient client, string directory)
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] PngEnd = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    public async Task RunAsync(Check check, string variant)
    {
        await check.RunAsync($"{variant}: saves an image from its URL", SaveFromUrlAsync);
        await check.RunAsync($"{variant}: decodes two base64 images directly into files", GenerateToFilesAsync);
        await check.RunAsync($"{variant}: runs a job and saves its image", RunJobAsync);
        await check.RunAsync($"{variant}: sends an uploaded file as reference image", SendUploadedReferenceAsync);
        await check.RunAsync($"{variant}: sends reference images from a file, bytes and streams", SendReferencesAsync);
        await check.RunAsync($"{variant}: sends a large reference image", SendLargeReferenceAsync);
        await check.RunAsync($"{variant}: reports a rejected request as Rejected", RejectRequestAsync);
    }

    private async Task SaveFromUrlAsync()
    {
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        VerifyPng(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "fox.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task GenerateToFilesAsync()
    {
        var request = new ImageRequest { Prompt = "A leaf, twice", ResponseFormat = ImageResponseFormat.Base64, Count = 2 };
        var saved = await client.Images.GenerateToFilesAsync(request, Path.Combine(directory, "leaf-{index}.{ext}"), new SaveOptions { Overwrite = true });
        Check.Equal(2, saved.Count, "the number of files");
        foreach (var file in saved)
        {
            VerifyPng(file);
        }
    }

    private async Task RunJobAsync()
    {
        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "The planets on their ways" } },
            new JobRunOptions { Wait = new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(0.2) } });
        Check.Equal(JobState.Succeeded, job.State, "the job's state");
        VerifyPng(await client.Media.SaveAsync(job.Output.Images[0], Path.Combine(directory, "planets.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task SendUploadedReferenceAsync()
    {
        var file = await client.Files.UploadAsync(FileUpload.FromFile(Path.Combine(directory, "fox.png")));
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "The same at night", ReferenceImages = [file.ToReference()] });
        VerifyPng(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "night.png"), new SaveOptions { Overwrite = true }));
    }

    private async Task SendReferencesAsync()
    {
        var path = Path.Combine(directory, "fox.png");
        var bytes = File.ReadAllBytes(path);
        using var seekable = File.OpenRead(path);
        using var nonSeekable = new NonSeekableStream(bytes);
        ReferenceImage[] references =
        [
            ReferenceImage.FromFile(path), ReferenceImage.FromBytes(bytes), ReferenceImage.FromStream(seekable), ReferenceImage.FromStream(nonSeekable),
        ];
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "All four", ReferenceImages = references });
        VerifyPng(await client.Media.SaveAsync(result.Images[0], Path.Combine(directory, "four.png"), new SaveOptions { Overwrite = true }));
    }

    /// <summary>A request of more than a MiB asks whether it is welcome.</summary>
    private async Task SendLargeReferenceAsync()
    {
        var small = File.ReadAllBytes(Path.Combine(directory, "fox.png"));
        var large = new byte[3 * 1024 * 1024];
        small.CopyTo(large, 0);
        await client.Images.GenerateAsync(new ImageRequest { Prompt = "A large one", ReferenceImages = [ReferenceImage.FromBytes(large)] });
    }

    private async Task RejectRequestAsync()
    {
        var error = await Check.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "No such size", Size = "huge" }));
        Check.Equal(RequestOutcome.Rejected, error.Outcome, "the outcome");
    }

    private static void VerifyPng(SavedMedia saved)
    {
        var bytes = File.ReadAllBytes(saved.Path);
        Check.Equal(saved.SizeInBytes, bytes.LongLength, "the length of the file");
        Check.Equal(true, bytes.Take(PngSignature.Length).SequenceEqual(PngSignature), "the beginning of a PNG");
        Check.Equal(true, bytes.Skip(bytes.Length - PngEnd.Length).SequenceEqual(PngEnd), "the end of a PNG");
    }
}
