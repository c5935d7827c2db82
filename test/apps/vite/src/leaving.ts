/** Whether this tab's callback page leaves in the commit that shows the result; the journey says so. */
export const isLeaving = () => sessionStorage.getItem("leaving") !== null;
