/** The namespace in which Dapr's own parts run, unless somebody chose another one for them. */
export const controlPlaneNamespace = 'dapr-system'
